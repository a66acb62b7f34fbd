package dev.polylm.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorCoresTest {
  @TempDir private Path root;

  /** Eight processors of four cores. */
  private void makeSystem(String allowed) throws IOException {
    for (int processor = 0; processor < 8; processor++) {
      Path topology =
          Files.createDirectories(
              root.resolve("sys/devices/system/cpu/cpu" + processor + "/topology"));
      int first = processor / 2 * 2;
      Files.writeString(
          topology.resolve("thread_siblings_list"), "%s-%s\n".formatted(first, first + 1));
    }
    Path status = Files.createDirectories(root.resolve("proc/self")).resolve("status");
    Files.writeString(status, "Name:\tjava\nCpus_allowed:\tff\nCpus_allowed_list:\t" + allowed);
  }

  @Test
  void countsCoresOnce() throws IOException {
    makeSystem("0-7\nMems_allowed:\t1\n");
    assertThat(ProcessorCores.count(root)).isEqualTo(4);
  }

  @Test
  void countsOnlyThoseThatTheProcessMayUse() throws IOException {
    makeSystem("0-2,7\n");
    assertThat(ProcessorCores.count(root)).isEqualTo(3);
  }

  @Test
  void knowsNothingWithoutLinuxsFiles() throws IOException {
    assertThat(ProcessorCores.count(root)).isZero();
    makeSystem("0-8\n"); // there is no processor 8
    assertThat(ProcessorCores.count(root)).isZero();
    makeSystem("all\n");
    assertThat(ProcessorCores.count(root)).isZero();
  }

  /** On Linux a thread has the name of the one that starts it, so ONNX Runtime's can be counted. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aSessionHasAThreadForEachCore() throws Exception {
    assertThat(threadsOfSession(options -> {})).isEqualTo(ProcessorCores.count());
    assertThat(threadsOfSession(options -> options.setIntraOpNumThreads(4))).isEqualTo(4);
  }

  /** Returns the number of threads that run a graph, the caller's included. */
  private static int threadsOfSession(Sessions.Setup setup) throws Exception {
    String name = "cores-test";
    FutureTask<Integer> task =
        new FutureTask<>(
            () -> {
              byte[] graph = IntegerProbe.graph(1, 1, 1, new byte[1]);
              OrtSession session = Sessions.open(graph, DeviceSettings.CPU, setup).session();
              try {
                return threadsNamed(name);
              } finally {
                session.close();
              }
            });
    Thread thread = new Thread(task, name);
    thread.start();
    int threads = task.get();
    thread.join();
    return threads;
  }

  private static int threadsNamed(String name) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        count += Files.readString(thread.resolve("comm")).strip().equals(name) ? 1 : 0;
      }
    }
    return count;
  }
}
