package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.model.Manifest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is opened with a draft model. */
final class DraftModelTest {
  @TempDir private static Path folder;
  private static Path small;

  @BeforeAll
  static void export() {
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve("small"))
            .weights(WeightType.INT4)
            .verify(false)
            .build();
    small = Exporter.export(options, ExportListener.NONE).directory();
  }

  private static PolyLmOptions.Builder with(Path draft) {
    return PolyLmOptions.builder().draft(draft);
  }

  /** How much it guesses depends on times; the answers don't. */
  @Test
  void answersAreThoseOfTheModelAloneAndTheMetricsTellOfGuesses() {
    GenerationConfig config =
        GenerationConfig.builder().maxNewTokens(120).minNewTokens(120).build();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (PolyLm alone = PolyLm.openEmbedded();
        PolyLm drafted = PolyLm.openEmbedded(with(small).meterRegistry(registry).build())) {
      int guessed = 0;
      int right = 0;
      for (String prompt : new String[] {"Beijing", "one two one two", "Berlin is", "1, 2, 3"}) {
        GenerationRequest request = GenerationRequest.ofPrompt(prompt).withConfig(config);
        GenerationResult found = drafted.generate(request);
        assertThat(found.sequences().get(0).ids())
            .isEqualTo(alone.generate(request).sequences().get(0).ids());
        guessed += found.draftCounts().drafted();
        right += found.draftCounts().accepted();
      }
      assertThat(registry.get("polylm.tokens.guessed").counter().count()).isEqualTo(guessed);
      assertThat(registry.get("polylm.tokens.guessed.right").counter().count()).isEqualTo(right);
      assertThat(registry.get("polylm.tokens.decoded").counter().count()).isEqualTo(4 * 119);
      assertThat(registry.get("polylm.draft.length").gauge().value()).isBetween(0.0, 15.0);
    }
  }

  @Test
  void refusesAFolderThatIsNoModel() {
    PolyLmOptions options = with(folder).build();
    assertThatThrownBy(() -> PolyLm.openEmbedded(options))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage(
            "draft can't be used: %s: has no manifest.json; expected a folder that polylm export wrote",
            folder);
  }

  @Test
  void refusesAnotherVocabulary() throws IOException {
    Path other = copy("other");
    Path json = other.resolve("tokenizer.json");
    JsonNode root = new ObjectMapper().readTree(json.toFile());
    ObjectNode vocabulary = (ObjectNode) root.path("model").path("vocab");
    JsonNode the = vocabulary.path("▁the");
    vocabulary.set("▁the", vocabulary.path("▁of"));
    vocabulary.set("▁of", the);
    write(json, root.toString());
    PolyLmOptions options = with(other).build();
    assertThatThrownBy(() -> PolyLm.openEmbedded(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessageMatching(
            ".*other: the draft model's vocabulary has SHA-256 [0-9a-f]{64}, expected SHA-256"
                + " [0-9a-f]{64} as in .*: a draft model needs the tokenizer of the model that it"
                + " guesses for");
  }

  /** Another file with the same pieces is the same vocabulary. */
  @Test
  void acceptsAnotherFileWithTheSamePieces() throws IOException {
    Path same = copy("same");
    Path json = same.resolve("tokenizer.json");
    write(json, Files.readString(json) + "\n ");
    PolyLm.openEmbedded(with(same).build()).close();
  }

  private static Path copy(String name) throws IOException {
    Path copy = Files.createDirectory(folder.resolve(name));
    try (var files = Files.list(small)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** Replaces a file, and its facts in the manifest. */
  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    byte[] bytes = Files.readAllBytes(file);
    Path manifest = file.resolveSibling(Manifest.FILE_NAME);
    ObjectMapper json = new ObjectMapper();
    JsonNode root = json.readTree(manifest.toFile());
    ((ObjectNode) root.path("files").path(String.valueOf(file.getFileName())))
        .put("bytes", bytes.length)
        .put("sha256", sha256(bytes));
    json.writeValue(manifest.toFile(), root);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
