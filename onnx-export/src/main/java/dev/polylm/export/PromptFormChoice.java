package dev.polylm.export;

import dev.polylm.export.tokenizer.ChatTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of an export's prompts. It is the form asked for, or else the one that the checkpoint's
 * chat template writes, or else the one in the folder's name.
 *
 * @param form its name
 * @param notes notes on the choice, a sentence each
 */
record PromptFormChoice(String form, List<String> notes) {

  static PromptFormChoice of(ExportOptions options) {
    ChatTemplate template = ChatTemplate.read(options.checkpoint());
    if (template == null) {
      return new PromptFormChoice(options.promptForm(), List.of());
    }
    String written = template.promptForm();
    boolean asked = options.isPromptFormGiven();
    String form = asked || written == null ? options.promptForm() : written;
    return new PromptFormChoice(form, List.of(sentence(template.file(), written, form, asked)));
  }

  private static String sentence(
      String file, @Nullable String written, String form, boolean asked) {
    String template =
        written == null
            ? "The chat template of %s is not one of PolyLM's prompt forms and was left out"
                .formatted(file)
            : "The chat template of %s is the prompt form %s".formatted(file, written);
    String reason = asked ? ", as requested" : written == null ? ", from the folder's name" : "";
    return form.equals(written) && !asked
        ? template
        : "%s; the prompt form is %s%s".formatted(template, form, reason);
  }
}
