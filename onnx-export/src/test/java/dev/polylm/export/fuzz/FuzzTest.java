package dev.polylm.export.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.polylm.PolyLmException;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.ExportReport;
import dev.polylm.export.Exporter;
import dev.polylm.export.Inspector;
import dev.polylm.export.WeightType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exports checkpoints and adapters that are broken in ten thousand ways, each of which can be
 * repeated: a mutant is made by the random numbers that begin with its own number. Each must end in
 * the project's own exception or in a whole export that gives the checkpoint's logits, and touch
 * nothing but its output.
 */
@Execution(ExecutionMode.CONCURRENT)
class FuzzTest {
  private static final int MUTANTS = 1280; // of each of six checkpoints and two adapters
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What a lying length must not make an export of 0.2 MB allocate. */
  private static final long MAX_ALLOCATED_BYTES = 64L << 20;

  /** Files that no logits depend on. */
  private static final Set<String> NO_PART_OF_THE_GRAPH =
      Set.of(
          "tokenizer.model",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "generation_config.json");

  @TempDir(factory = MemoryFolder.class)
  private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "safetensors-fp32",
        "safetensors-sharded-fp16",
        "untied-head",
        "bin-bf16",
        "bin-old-buffers",
        "bin-sharded-fp16"
      })
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anyMutantIsRefusedInASentenceOrExported(String fixture) throws IOException {
    BrokenCheckpoint checkpoint =
        BrokenCheckpoint.checkpoint(fixture, folder.resolve("checkpoint"));
    int exported =
        exported(fixture, checkpoint, ExportOptions.builder(checkpoint.folder(), output()));
    assertThat(exported).isBetween(MUTANTS / 20, MUTANTS / 4);
  }

  @ParameterizedTest
  @CsvSource({"safetensors-fp32, lora-head", "untied-head, lora-rslora"})
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anyMutantOfAnAdapterIsRefusedInASentenceOrMerged(String base, String fixture)
      throws IOException {
    Path checkpoint = BrokenCheckpoint.checkpoint(base, folder.resolve("checkpoint")).folder();
    BrokenCheckpoint adapter = BrokenCheckpoint.adapter(fixture, folder.resolve("adapter"));
    int exported =
        exported(
            fixture,
            adapter,
            ExportOptions.builder(checkpoint, output()).tokenizer(false).adapter(adapter.folder()));
    assertThat(exported).isBetween(MUTANTS / 40, MUTANTS / 4);
  }

  private Path output() {
    return folder.resolve("output");
  }

  /** Counts the mutants that were exported. */
  private int exported(String fixture, BrokenCheckpoint broken, ExportOptions.Builder options)
      throws IOException {
    Files.writeString(folder.resolve("outside"), "not to be touched");
    int exported = 0;
    for (int mutant = 0; mutant < MUTANTS; mutant++) {
      Random random = new Random(fixture.hashCode() * 31L + mutant);
      String file = broken.breakOne(random);
      String name = "%s, mutant %d, which breaks %s".formatted(fixture, mutant, file);
      List<String> before = state(folder);
      options.verify(!NO_PART_OF_THE_GRAPH.contains(file));
      exported += exports(options.weights(WeightType.FP32).threads(1).build(), name) ? 1 : 0;
      assertThat(state(folder)).as(name).isEqualTo(before);
      broken.repair(file);
    }
    return exported;
  }

  private boolean exports(ExportOptions options, String mutant) throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      ExportReport report = Exporter.export(options, ExportListener.NONE);
      assertThat(Inspector.inspect(output()).manifest()).as(mutant).isEqualTo(report.manifest());
      delete(output());
      return true;
    } catch (PolyLmException e) {
      assertThat(e).as(mutant).hasMessageMatching("(?s).{10,4000}");
      return false;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(mutant, e);
    } finally {
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as(mutant)
          .isLessThan(MAX_ALLOCATED_BYTES);
    }
  }

  /** All that is in a folder, with lengths and times. */
  private static List<String> state(Path folder) throws IOException {
    List<String> state = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
        BasicFileAttributes attributes =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String time = attributes.isDirectory() ? "" : attributes.lastModifiedTime().toString();
        state.add(path + " " + attributes.size() + " " + time);
      }
    }
    return state;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
