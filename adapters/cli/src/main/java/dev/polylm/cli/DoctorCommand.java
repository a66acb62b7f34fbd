package dev.polylm.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.polylm.Placement;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds out whether models run here. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Checks what models need to run here: what is wrong, and what to do about it.")
final class DoctorCommand implements Callable<Integer> {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final List<String> CPU_FEATURES =
      List.of("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm", "sve");
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
  private static final double GIGABYTE = 1e9;
  private static final double SMALL_GIGABYTES = 2;

  private final Streams streams;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description =
          "Where the embedded model is to run: cpu, the default; cuda or cuda:N, a GPU; or auto, a"
              + " GPU if CUDA can be used.")
  private String device = "cpu";

  /** What was found; advice is empty if all is well. */
  private record Finding(String subject, String found, boolean works, String advice) {
    static Finding good(String subject, String found) {
      return new Finding(subject, found, true, "");
    }
  }

  DoctorCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    PolyLmOptions options =
        RunOptions.built(PolyLmOptions.builder().device(device), spec.commandLine());
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(processor());
    findings.add(memory());
    findings.add(temporaryFolder());
    findings.add(onnxRuntime());
    findings.add(model(options));
    findings.add(home());
    findings.forEach(this::print);
    return findings.stream().allMatch(Finding::works) ? ExitCodes.OK : ExitCodes.SOME_FAILED;
  }

  private void print(Finding finding) {
    String sign = !finding.works ? "bad" : finding.advice.isEmpty() ? "ok" : "hmm";
    streams.print("%-4s %-16s %s%n".formatted(sign, finding.subject, finding.found));
    if (!finding.advice.isEmpty()) {
      streams.print("%-21s %s%n".formatted("", finding.advice));
    }
  }

  private static Finding java() {
    return Finding.good(
        "Java",
        "%s of %s, in %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("java.home")));
  }

  private static Finding processor() {
    String arch = System.getProperty("os.arch");
    Set<String> features = cpuFeatures();
    String found =
        "%s cores, %s%s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                arch,
                features.isEmpty() ? "" : " with " + String.join(", ", features));
    boolean slow = arch.equals("amd64") && Files.exists(CPU_INFO) && !features.contains("avx2");
    return new Finding(
        "Processor", found, true, slow ? "Without AVX2, int4 and int8 weights are slow." : "");
  }

  private static Set<String> cpuFeatures() {
    Set<String> features = new TreeSet<>();
    if (Files.isReadable(CPU_INFO)) {
      try {
        WHITE_SPACE
            .splitAsStream(Files.readString(CPU_INFO))
            .filter(CPU_FEATURES::contains)
            .forEach(features::add);
      } catch (IOException e) {
        // Then the features are not known.
      }
    }
    return features;
  }

  private static Finding memory() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    double total = system.getTotalMemorySize() / GIGABYTE;
    String found =
        String.format(
            Locale.ROOT,
            "%.1f GB, %.1f GB of it free; %.1f GB for Java's heap",
            total,
            system.getFreeMemorySize() / GIGABYTE,
            Runtime.getRuntime().maxMemory() / GIGABYTE);
    return new Finding(
        "Memory",
        found,
        true,
        total < SMALL_GIGABYTES
            ? "polylm-1.7b in int4 takes about 2 GB, polylm-13b about 9 GB."
            : "");
  }

  private static Finding temporaryFolder() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    String subject = "Temporary files";
    try {
      Files.delete(Files.createTempFile(folder, "polylm-doctor", ""));
      return Finding.good(subject, "%s can be written to".formatted(folder));
    } catch (IOException e) {
      return new Finding(
          subject,
          Sentences.unwritable(folder.toString(), e).getMessage() + "",
          false,
          "Name another folder with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR.");
    }
  }

  private static Finding onnxRuntime() {
    String subject = "ONNX Runtime";
    try {
      return Finding.good(
          subject,
          "%s runs on %s"
              .formatted(
                  OnnxRuntimeLibrary.version(), String.join(", ", OnnxRuntimeLibrary.providers())));
    } catch (PolyLmException e) {
      return new Finding(
          subject,
          String.valueOf(e.getMessage()),
          false,
          "The folder for temporary files must allow programs (no noexec): see above.");
    }
  }

  private static Finding model(PolyLmOptions options) {
    String subject = "Embedded model";
    try (PolyLm polyLm = PolyLm.openEmbedded(options)) {
      polyLm.generate("Hello", GenerationConfig.builder().maxNewTokens(2).build());
      Placement placement = polyLm.placement();
      String place = options.device().equals("cpu") ? "" : " on " + placement.device();
      return new Finding(
          subject,
          "%s answers%s".formatted(polyLm.manifest().name(), place),
          true,
          String.join("; ", placement.warnings()));
    } catch (PolyLmException e) {
      return new Finding(subject, String.valueOf(e.getMessage()), false, "");
    }
  }

  private Finding home() {
    ModelHome home = ModelHome.of(streams.environment());
    int models = home.models().size();
    return new Finding(
        ModelHome.VARIABLE,
        "%s has %s models".formatted(home.folder(), models),
        true,
        models > 0 ? "" : "--model takes any folder; the names of folders there are shorter.");
  }
}
