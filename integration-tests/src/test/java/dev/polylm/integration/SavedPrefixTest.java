package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.export.CacheType;
import dev.polylm.export.CalibrationMode;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Beginnings of prompts in files. */
final class SavedPrefixTest {
  private static final String EXAMPLES =
      """
      Paris is the capital of France.
      Translate this sentence from English to German.
      Paris ist die Hauptstadt von Frankreich.

      """;
  private static final String QUESTION =
      EXAMPLES + "Rome is the capital of Italy.\nTranslate this sentence from English to German.\n";
  private static final GenerationConfig SHORT =
      GenerationConfig.builder().doSample(false).maxNewTokens(20).build();

  private static PolyLm polyLm;

  @TempDir private static Path folder;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
    polyLm.savePrefix(GenerationRequest.ofPrompt(EXAMPLES), folder.resolve("examples"));
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static PolyLmOptions with(Path... files) {
    return PolyLmOptions.builder().prefixFiles(List.of(files)).build();
  }

  private static GenerationResult ask(PolyLm model, String prompt) {
    return model.generate(GenerationRequest.ofPrompt(prompt).withConfig(SHORT));
  }

  @Test
  void aLaterProcessReadsOnlyWhatFollows() {
    String expected = ask(polyLm, QUESTION).text();
    int ids = polyLm.tokenizer().encode(EXAMPLES).length;
    try (PolyLm without = PolyLm.openEmbedded();
        PolyLm again = PolyLm.openEmbedded(with(folder.resolve("examples")))) {
      assertThat(ask(without, QUESTION).cachedTokens()).isZero();
      GenerationResult answer = ask(again, QUESTION);
      assertThat(answer.cachedTokens()).isBetween(ids - 2, ids);
      assertThat(answer.text()).isEqualTo(expected);
      assertThat(ask(again, "Good morning.").text()).isEqualTo(ask(polyLm, "Good morning.").text());
    }
  }

  /** The keys and values are the model's, in the type of its cache. */
  @ParameterizedTest
  @EnumSource(CacheType.class)
  void worksWithEachTypeOfCache(CacheType cache) {
    Path directory = folder.resolve("model-" + cache);
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, directory)
            .weights(WeightType.INT4)
            .kvCache(cache)
            .calibration(CalibrationMode.OFF)
            .build();
    Exporter.export(options, ExportListener.NONE);
    Path file = folder.resolve("prefix-" + cache);
    String expected;
    try (PolyLm model = PolyLm.open(directory)) {
      model.savePrefix(GenerationRequest.ofPrompt(EXAMPLES), file);
      expected = ask(model, QUESTION).text();
    }
    try (PolyLm again = PolyLm.open(directory, with(file))) {
      GenerationResult answer = ask(again, QUESTION);
      assertThat(answer.cachedTokens()).isGreaterThan(20);
      assertThat(answer.text()).isEqualTo(expected);
    }
    assertThatThrownBy(() -> PolyLm.openEmbedded(with(file)))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(
            "was saved by another model, expected one with the files of polylm-tiny");
  }

  @Test
  void whatCantBeKeptIsSaid() {
    Path file = folder.resolve("none");
    assertThatThrownBy(() -> polyLm.savePrefix(GenerationRequest.ofIds(1, 2, 3), file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the model keeps 0 of the prefix's 3 ids, must keep all: prefixReuse must be on, a"
                + " prefix has at least 16 ids, and all fit half of keyValueBytes");
    assertThatThrownBy(() -> polyLm.savePrefix(GenerationRequest.ofIds(), file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the prefix has 0 ids, expected 1 to 512, the model's context");
    assertThatThrownBy(() -> polyLm.savePrefix(GenerationRequest.ofIds(8192), file))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("id 8192 at position 0 is out of range");
    assertThatThrownBy(() -> polyLm.savePrefix(GenerationRequest.ofIds(new int[513]), file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the prefix has 513 ids, expected 1 to 512, the model's context");
    PolyLmOptions forgetful =
        with(folder.resolve("examples")).toBuilder().prefixReuse(false).build();
    assertThatThrownBy(() -> PolyLm.openEmbedded(forgetful))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("examples: the model does not keep its ");
    assertThat(file).doesNotExist();
  }

  @Test
  void aClosedModelSavesNothing() {
    PolyLm closed = PolyLm.openEmbedded();
    closed.close();
    assertThatThrownBy(
            () -> closed.savePrefix(GenerationRequest.ofPrompt(EXAMPLES), folder.resolve("closed")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
    assertThat(folder.resolve("closed")).doesNotExist();
  }

  @Test
  void everyDamageIsFound() throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve("examples"));
    SplittableRandom random = new SplittableRandom(1);
    Path file = folder.resolve("damaged");
    for (int i = 0; i < 12; i++) {
      byte[] damaged =
          i % 2 == 0 ? bytes.clone() : Arrays.copyOf(bytes, random.nextInt(bytes.length));
      if (i % 2 == 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      assertThatThrownBy(() -> PolyLm.openEmbedded(with(file)))
          .isInstanceOf(PolyLmException.class)
          .hasMessageMatching(
              ".*damaged: (is not a saved prefix|has version -?\\d+, this version of the library"
                  + " reads version 1|is damaged, its checksum does not match)");
    }
    assertThatThrownBy(() -> PolyLm.openEmbedded(with(folder.resolve("absent"))))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("absent: can't be read");
    Path chat = folder.resolve("chat");
    polyLm.chat("Be brief.").save(chat);
    assertThatThrownBy(() -> PolyLm.openEmbedded(with(chat)))
        .hasMessage(chat + ": is not a saved prefix");
  }
}
