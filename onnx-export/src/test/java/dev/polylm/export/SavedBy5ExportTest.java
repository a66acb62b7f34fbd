package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports whose tokenizer and chat template transformers 5 saved. */
class SavedBy5ExportTest {
  private static final Path SAVED = Path.of("src/test/resources/tokenizers/saved");

  @TempDir private Path folder;

  private ExportOptions.Builder options(String saved) throws IOException {
    Path checkpoint = folder.resolve(saved);
    RandomCheckpoint.write(checkpoint, new RandomCheckpoint.Size(1, 32, 2, 1202, 64));
    try (Stream<Path> files = Files.list(SAVED.resolve(saved))) {
      for (Path file : files.filter(f -> !f.endsWith("config.json")).toList()) {
        Files.copy(file, checkpoint.resolve(file.getFileName()));
      }
    }
    return ExportOptions.builder(checkpoint, folder.resolve("out"))
        .weights(WeightType.FP32)
        .force(true);
  }

  private static ExportReport export(ExportOptions.Builder options) {
    return Exporter.export(options.build(), ExportListener.NONE);
  }

  private static List<String> templateNotes(ExportReport report) {
    return report.notes().stream().filter(note -> note.contains("template")).toList();
  }

  @Test
  void theChatTemplateSelectsItsForm() throws IOException {
    ExportReport report = export(options("5-chat"));

    assertThat(report.manifest().promptForm()).isEqualTo("chat");
    assertThat(templateNotes(report))
        .containsExactly("The chat template of chat_template.jinja is the prompt form chat");
    assertThat(report.manifest().tokenizer())
        .isEqualTo(new TokenizerFacts(false, true, false, false, "<unk>", "<s>", "</s>"));
    assertThat(report.manifest().sources())
        .containsOnlyKeys(
            "chat_template.jinja",
            "config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json");
  }

  @Test
  void aFormThatIsAskedForIsObeyed() throws IOException {
    ExportReport report = export(options("5-chat").promptForm("multialpaca"));

    assertThat(report.manifest().promptForm()).isEqualTo("multialpaca");
    assertThat(templateNotes(report))
        .containsExactly(
            "The chat template of chat_template.jinja is the prompt form chat; the prompt form is"
                + " multialpaca, as requested");
  }

  @Test
  void anUnknownTemplateIsLeftOutAndNamed() throws IOException {
    ExportReport report = export(options("5-other-chat").name("x"));

    assertThat(report.manifest().promptForm()).isEqualTo("chat"); // by the folder's name
    assertThat(templateNotes(report))
        .containsExactly(
            "The chat template of chat_template.jinja is not one of PolyLM's prompt forms and was"
                + " left out; the prompt form is chat, from the folder's name");
  }
}
