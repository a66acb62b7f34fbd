package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
  private static final Pattern LOCAL_CORES =
      Pattern.compile("^local\\[(\\d{1,9})\\s*(,\\s*\\d+)?]$");

  /** Opens the model of a folder with a thread for each of the executor's cores. */
  PolyLm open(Optional<Path> folder, Map<String, ResourceInformation> resources) {
    PolyLmOptions options =
        PolyLmOptions.builder()
            .device(device(resources))
            .threads(cores())
            .maxRows(rows)
            // The tasks limit the rows in flight.
            .queueCapacity(Integer.MAX_VALUE)
            .build();
    return folder.isEmpty() ? PolyLm.openEmbedded(options) : PolyLm.open(folder.get(), options);
  }

  /** Returns the GPU that Spark gave to the task, or else the CPU. */
  static String device(Map<String, ResourceInformation> resources) {
    ResourceInformation gpus = resources.get(GPU);
    return gpus == null || gpus.addresses().length == 0 ? "cpu" : "cuda:" + gpus.addresses()[0];
  }

  /**
   * Returns the model's folder in one spelling; none for the model on the class path. A relative
   * path is the name of what Spark unpacked from an archive, or else a folder of the process.
   *
   * @throws PolyLmException if the path can't be one
   */
  Optional<Path> folder() {
    if (path == null) {
      return Optional.empty();
    }
    Path folder;
    try {
      folder = Path.of(path);
    } catch (InvalidPathException e) {
      throw new PolyLmException("modelPath is \"%s\", which is no path".formatted(path), e);
    }
    if (!folder.isAbsolute() && !path.isEmpty() && SparkEnv.get() != null) {
      Path unpacked = Path.of(SparkFiles.get(path));
      folder = Files.isDirectory(unpacked) ? unpacked : folder;
    }
    return Optional.of(folder.normalize());
  }

  /** Returns how many cores the executor of this JVM has. */
  static int cores() {
    // The settings don't always say it, the executor's command does.
    Matcher command = EXECUTOR_CORES.matcher(System.getProperty("sun.java.command", ""));
    if (command.find()) {
      return Integer.parseInt(command.group(1));
    }
    SparkEnv env = SparkEnv.get();
    String master = env == null ? "" : env.conf().get("spark.master", "");
    if (master.equals("local")) {
      return 1;
    }
    Matcher local = LOCAL_CORES.matcher(master);
    return local.find()
        ? Integer.parseInt(local.group(1))
        : Runtime.getRuntime().availableProcessors();
  }
}
