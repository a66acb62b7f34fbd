package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.Manifest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizer and weights are opened side by side, and either may fail. */
final class OpeningTest {
  private static final PolyLmOptions UNCHECKED =
      PolyLmOptions.builder().verify(PolyLmOptions.Verify.NONE).build();

  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (ModelDirectory model = ModelDirectory.openEmbedded()) {
      for (String name : model.manifest().files().keySet()) {
        Files.copy(model.file(name), folder.resolve(name));
      }
      Files.writeString(folder.resolve(Manifest.FILE_NAME), model.manifest().toJson());
    }
  }

  /** Makes a file unreadable, but leaves its size. */
  private void destroy(String name) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(name));
    Arrays.fill(content, (byte) '!');
    Files.write(folder.resolve(name), content);
  }

  private void assertNothingIsLeft() throws IOException, InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("polylm-tokenizer")) {
        thread.join(); // it has given its result, and ends
      }
    }
    Path maps = Path.of("/proc/self/maps");
    if (Files.exists(maps)) {
      assertThat(Files.readString(maps)).doesNotContain(folder.toString());
    }
  }

  @Test
  void aBrokenTokenizerIsNamedAndTheWeightsAreClosed() throws Exception {
    destroy("tokenizer.json");
    assertThatThrownBy(() -> PolyLm.open(folder, UNCHECKED))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": ");
    assertNothingIsLeft();
  }

  @Test
  void aBrokenGraphIsNamedAndTheTokenizerIsClosed() throws Exception {
    destroy("model.onnx");
    assertThatThrownBy(() -> PolyLm.open(folder, UNCHECKED))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("model.onnx: can't be loaded: ")
        .hasNoSuppressedExceptions();
    assertNothingIsLeft();
  }

  @Test
  void ofTwoFailuresNoneIsLost() throws IOException {
    destroy("model.onnx");
    destroy("tokenizer.json");
    assertThatThrownBy(() -> PolyLm.open(folder, UNCHECKED))
        .hasMessageStartingWith("model.onnx: can't be loaded: ")
        .satisfies(
            e ->
                assertThat(e.getSuppressed()[0])
                    .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": "));
  }

  @Test
  void metersAreToldApartByTheOptionsName() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    PolyLmOptions.Builder options = PolyLmOptions.builder().meterRegistry(registry);
    try (PolyLm first = PolyLm.open(folder, options.name("first").build());
        PolyLm second = PolyLm.open(folder, options.build().toBuilder().name("second").build())) {
      first.generate("Rome");
      assertThat(registry.get("polylm.requests").tag("model", "first").counters()).isNotEmpty();
      assertThat(registry.find("polylm.requests").tag("model", "second").counters())
          .allSatisfy(counter -> assertThat(counter.count()).isZero());
      assertThat(second.manifest().name()).isEqualTo("polylm-tiny");
    }
    assertThat(registry.getMeters()).isEmpty();
    assertThatThrownBy(() -> PolyLm.open(folder, options.keyValueBytes(20).build()))
        .hasMessageStartingWith("keyValueBytes is 20, ");
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void theOptionsSettingsHoldForWhatARequestLeavesOpen() {
    GenerationConfig two = GenerationConfig.defaultsFromTexts(Map.of("max-new-tokens", "2"));
    GenerationConfig three = GenerationConfig.builder().maxNewTokens(3).build();
    GenerationRequest request = GenerationRequest.ofPrompt("Rome is");
    PolyLmOptions options = PolyLmOptions.builder().generationDefaults(two).build();
    try (PolyLm polyLm = PolyLm.open(folder, options)) {
      assertThat(polyLm.generationDefaults().maxNewTokens()).hasValue(2);
      assertThat(polyLm.generate(request).newTokens()).isEqualTo(2);
      assertThat(polyLm.generate(request.withConfig(three)).newTokens()).isEqualTo(3);
      assertThat(polyLm.chat().reply("Rome is").result().newTokens()).isEqualTo(2);
    }
    PolyLmOptions contrary =
        options.toBuilder()
            .generationDefaults(GenerationConfig.builder().numReturnSequences(3).build())
            .build();
    assertThatThrownBy(() -> PolyLm.open(folder, contrary))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "generationDefaults can't be used: num_return_sequences is 3, must be 1 if num_beams is 1 and do_sample is false: greedy decoding gives one answer");
  }

  /** As Hugging Face's cache keeps a model, in a folder whose name no language can write. */
  @Test
  void linksLeadToTheFilesWhateverTheFoldersName() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    Path snapshot = Files.createDirectories(folder.resolve("mö dèl 模型 100%/a+b"));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path blob = Files.move(file, blobs.resolve(Integer.toHexString(file.hashCode())));
        Path link = snapshot.resolve(file.getFileName());
        Files.createSymbolicLink(link, snapshot.relativize(blob));
      }
    }
    try (PolyLm polyLm = PolyLm.open(snapshot)) {
      assertThat(polyLm.generate(AskingProgram.QUESTION).strip()).isEqualTo(AskingProgram.ANSWER);
    }
  }

  @Test
  void anInterruptedThreadOpensAModelAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try (PolyLm polyLm = PolyLm.open(folder)) {
      assertThat(Thread.interrupted()).isTrue();
      assertThat(polyLm.tokenizer().vocabSize()).isPositive();
    }
  }
}
