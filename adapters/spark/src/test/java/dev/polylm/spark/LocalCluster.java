package dev.polylm.spark;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLm;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** A standalone master with two workers on the loopback address, each with one executor. */
final class LocalCluster {
  private static final String MODEL = "/META-INF/polylm-model/";

  private LocalCluster() {}

  /** Returns a builder of a cluster whose executors have a number of cores each. */
  static SparkSession.Builder builder(int cores) throws IOException {
    return builder("local-cluster[2,%d,768]".formatted(cores));
  }

  /** Returns a builder of a session on a master. */
  static SparkSession.Builder builder(String master) throws IOException {
    Path jars =
        Files.createDirectories(Path.of(requireNonNull(System.getenv("SPARK_HOME")), "jars"));
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .map(Path::of)
            .toList();
    for (Path jar : classPath) {
      if (Files.isRegularFile(jar)) {
        Path link = jars.resolve(jar.getFileName());
        Files.deleteIfExists(link); // of an earlier run
        Files.createSymbolicLink(link, jar.toAbsolutePath());
      }
    }
    String folders =
        classPath.stream()
            .filter(Files::isDirectory)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    return LocalSpark.builder(master)
        .config("spark.executor.memory", "768m")
        .config("spark.executor.extraClassPath", folders);
  }

  /**
   * A master and workers in this process, each worker with a core and an address of its own. Spark
   * runs no copy of a task on the machine that runs the task, and knows machines by their address.
   */
  static final class Machines implements AutoCloseable {
    private final List<RpcEnv> started = new ArrayList<>();

    Machines(Path folder, String... hosts) {
      SparkConf conf = new SparkConf().set("spark.master.rest.enabled", "false");
      started.add(Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1());
      for (String host : hosts) {
        started.add(
            Worker.startRpcEnvAndEndpoint(
                host,
                0,
                0,
                1,
                768,
                new String[] {master()},
                folder.resolve(host).toString(),
                Option.apply(started.size()),
                conf,
                Option.empty()));
      }
    }

    String master() {
      return started.get(0).address().toSparkURL();
    }

    @Override
    public void close() {
      Collections.reverse(started);
      started.forEach(RpcEnv::shutdown);
      started.forEach(RpcEnv::awaitTermination);
    }
  }

  /** Returns the processes of the executors. */
  static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  /** Writes the folder of polylm-tiny as an archive, as users ship their models. */
  static Path zippedModel(Path folder) throws IOException {
    Path zip = folder.resolve("model.zip");
    try (PolyLm model = PolyLm.openEmbedded();
        OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setLevel(0);
      add("manifest.json", out);
      for (String name : model.manifest().files().keySet()) {
        add(name, out);
      }
    }
    return zip;
  }

  private static void add(String name, ZipOutputStream out) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    try (InputStream in = PolyLm.class.getResourceAsStream(MODEL + name)) {
      requireNonNull(in, name).transferTo(out);
    }
    out.closeEntry();
  }
}
