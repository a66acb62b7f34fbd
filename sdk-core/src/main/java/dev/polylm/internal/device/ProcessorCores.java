package dev.polylm.internal.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the processor cores that this process may use, as a run of a model should have a thread
 * for each. ONNX Runtime counts those of the whole machine instead: it would start 64 threads in a
 * container that may use two cores. On some virtual machines it counts too few.
 */
final class ProcessorCores {
  private static final Path SYSTEM = Path.of("/");

  private ProcessorCores() {}

  /**
   * Returns the number of physical cores that this process may use, but no more than the JVM's
   * number of processors, which respects a container's limit; 0 if the system doesn't tell.
   */
  static int count() {
    return Math.min(count(SYSTEM), Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the number of physical cores that this process may use.
   *
   * @param root what stands for the system's root folder, with Linux's {@code /proc} and {@code
   *     /sys}
   */
  static int count(Path root) {
    Set<String> cores = new HashSet<>(); // by their processors, a list such as 0,32
    try {
      for (int processor : allowed(root).stream().toArray()) {
        Path topology = root.resolve("sys/devices/system/cpu/cpu" + processor + "/topology");
        cores.add(Files.readString(topology.resolve("thread_siblings_list")).strip());
      }
      return cores.size();
    } catch (IOException | NumberFormatException e) {
      return 0; // another system, or a sandbox without these files
    }
  }

  /** Returns the processors that Linux lets this process use: a list such as {@code 0-3,8}. */
  private static BitSet allowed(Path root) throws IOException {
    String key = "Cpus_allowed_list:";
    BitSet processors = new BitSet();
    for (String line : Files.readAllLines(root.resolve("proc/self/status"))) {
      if (line.startsWith(key)) {
        for (String range : line.substring(key.length()).strip().split(",", -1)) {
          String[] ends = range.split("-", -1);
          processors.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
      }
    }
    return processors;
  }
}
