package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Exports into a place that is taken, or that fail or meet another. */
class ReplacedExportTest extends SmallExport {
  @Test
  void anExistingOutputStaysUnlessItIsToBeReplaced() throws IOException {
    export(options().name("old"));
    assertRefused(
        options(),
        "output %s exists already, expected nothing there unless it is to be replaced"
            .formatted(output.toRealPath()));
    assertThat(exportedName()).isEqualTo("old");

    export(options().name("new").force(true));

    assertThat(exportedName()).isEqualTo("new");
    assertThat(output.getParent()).isDirectoryContaining(output::equals);
    assertThat(entries(output.getParent())).containsExactly("tiny");
  }

  @Test
  void aFailedReplacementLeavesTheOldModel() throws IOException {
    export(options().name("old"));

    assertThatThrownBy(
            () ->
                Exporter.export(
                    options().name("new").force(true).build(),
                    (name, done, total) -> {
                      throw new IllegalStateException("stop");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");

    assertThat(exportedName()).isEqualTo("old");
    assertThat(entries(output.getParent())).containsExactly("tiny");
  }

  @Test
  void anInterruptedExportLeavesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                Exporter.export(
                    options().build(),
                    (name, done, total) -> {
                      assertThat(output).doesNotExist();
                      if (name.equals("ln_f.weight")) {
                        throw new IllegalStateException("stop");
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");

    assertThat(entries(output.getParent())).isEmpty();
  }

  @Test
  void anInterruptedThreadLeavesNothing() throws IOException {
    try {
      assertThatThrownBy(
              () ->
                  Exporter.export(
                      options().build(), (name, done, total) -> Thread.currentThread().interrupt()))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("model.safetensors: the thread was interrupted while it read");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(entries(output.getParent())).isEmpty();
  }

  @Test
  void ofTwoExportsIntoOnePlaceTheFirstTakesIt() throws Exception {
    List<Object> ends = twice(options());

    assertThat(ends).filteredOn(ExportReport.class::isInstance).hasSize(1);
    assertThat(ends)
        .filteredOn(PolyLmException.class::isInstance)
        .extracting(end -> ((PolyLmException) end).getMessage())
        .containsExactly(
            "output %s exists already, expected nothing there unless it is to be replaced"
                .formatted(output.toRealPath()));
    assertThat(entries(output.getParent())).containsExactly("tiny");
    assertFacts(
        Manifest.fromJson(Files.readString(output.resolve("manifest.json"))).files(), output);
  }

  @Test
  void ofTwoReplacingExportsTheLastStays() throws Exception {
    List<Object> ends = twice(options().force(true));

    assertThat(ends).hasOnlyElementsOfType(ExportReport.class);
    assertThat(entries(output.getParent())).containsExactly("tiny");
    assertFacts(
        Manifest.fromJson(Files.readString(output.resolve("manifest.json"))).files(), output);
  }

  /** Two exports that have both written all tensors before either may end. */
  private static List<Object> twice(ExportOptions.Builder options) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    Callable<Object> task =
        () ->
            Exporter.export(
                options.build(),
                (name, done, total) -> {
                  if (done == total) {
                    await(barrier);
                  }
                });
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Object> ends = new ArrayList<>();
      for (Future<Object> future : pool.invokeAll(List.of(task, task))) {
        try {
          ends.add(future.get());
        } catch (ExecutionException e) {
          ends.add(e.getCause());
        }
      }
      return ends;
    } finally {
      pool.shutdown();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private String exportedName() throws IOException {
    return Manifest.fromJson(Files.readString(output.resolve("manifest.json"))).name();
  }
}
