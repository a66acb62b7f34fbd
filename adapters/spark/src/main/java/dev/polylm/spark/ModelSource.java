package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/**
 * Where an executor finds the model, and how it runs it.
 *
 * @param path the folder of an exported model; null for the model on the class path
 * @param rows the largest number of rows in a decoding step
 */
record ModelSource(@Nullable String path, int rows) implements Serializable {
  /** The resource of Spark that stands for GPUs. */
  private static final String GPU = "gpu";

  private static final Pattern EXECUTOR_CORES =
      Pattern.compile("ExecutorBackend .*--cores (\\d{1,9})\\b");
  private static final Pattern LOCAL_CORES = Pattern.compile("^local\\[(\\d{1,9})(,\\d+)?]$");

  /** Opens the model with a thread for each of the executor's cores. */
  PolyLm open(Map<String, ResourceInformation> resources) {
    PolyLmOptions options =
        PolyLmOptions.builder()
            .device(device(resources))
            .threads(cores())
            .maxRows(rows)
            // The tasks limit the rows in flight.
            .queueCapacity(Integer.MAX_VALUE)
            .build();
    return path == null ? PolyLm.openEmbedded(options) : PolyLm.open(folder(path), options);
  }

  /** Returns the GPU that Spark gave to the task, or else the CPU. */
  static String device(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(GPU);
    return gpus == null || gpus.addresses().length == 0 ? "cpu" : "cuda:" + gpus.addresses()[0];
  }

  /** Returns the folder itself, or the one of this name that Spark unpacked from an archive. */
  private static Path folder(String path) {
    Path folder = Path.of(path);
    if (folder.isAbsolute() || SparkEnv.get() == null) {
      return folder;
    }
    Path unpacked = Path.of(SparkFiles.get(path));
    return Files.isDirectory(unpacked) ? unpacked : folder;
  }

  /** Returns how many cores the executor of this JVM has. */
  static int cores() {
    // The settings don't always say it, the executor's command does.
    Matcher command = EXECUTOR_CORES.matcher(System.getProperty("sun.java.command", ""));
    if (command.find()) {
      return Integer.parseInt(command.group(1));
    }
    SparkEnv env = SparkEnv.get();
    Matcher local = LOCAL_CORES.matcher(env == null ? "" : env.conf().get("spark.master", ""));
    return local.find()
        ? Integer.parseInt(local.group(1))
        : Runtime.getRuntime().availableProcessors();
  }
}
