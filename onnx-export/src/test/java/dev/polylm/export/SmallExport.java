package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.FileFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A small checkpoint that each test may change and export. */
abstract class SmallExport {
  private static final Path FIXTURE = ReferenceModel.FIXTURES.resolve("safetensors-fp32");
  @TempDir Path folder;
  Path checkpoint;
  Path output;

  @BeforeEach
  void copyFixture() throws IOException {
    checkpoint = Files.createDirectory(folder.resolve("tiny-chat"));
    output = folder.resolve("exports").resolve("tiny");
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(FIXTURE.resolve(name), checkpoint.resolve(name));
    }
  }

  ExportOptions.Builder options() {
    return ExportOptions.builder(checkpoint, output).weights(WeightType.FP32).tokenizer(false);
  }

  static ExportReport export(ExportOptions.Builder options) {
    return Exporter.export(options.build(), ExportListener.NONE);
  }

  void assertRefused(ExportOptions.Builder options, String message) throws IOException {
    List<String> before = entries(folder);
    assertThatThrownBy(() -> export(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
    assertThat(entries(folder)).isEqualTo(before);
  }

  void editConfig(String from, String to) throws IOException {
    Path file = checkpoint.resolve("config.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  static List<String> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  static void assertFacts(Map<String, FileFacts> facts, Path folder) throws Exception {
    for (Map.Entry<String, FileFacts> entry : facts.entrySet()) {
      byte[] content = Files.readAllBytes(folder.resolve(entry.getKey()));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      assertThat(entry.getValue())
          .isEqualTo(new FileFacts(content.length, HexFormat.of().formatHex(hash)));
    }
  }
}
