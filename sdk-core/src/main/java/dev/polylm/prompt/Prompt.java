package dev.polylm.prompt;

import dev.polylm.tokenizer.TextPart;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A text for a model to go on with, in parts. {@link PromptForm} makes the family's prompts; the
 * constructor is for other forms.
 *
 * @param parts trusted where the form speaks, not trusted where people or models do
 * @param markers what the form tells roles apart by, in ASCII; {@link PromptEncoder} lets no part
 *     that is not trusted pose as one
 */
public record Prompt(List<TextPart> parts, List<String> markers) {
  /** Leaves empty parts out. */
  public Prompt {
    parts = parts.stream().filter(part -> !part.text().isEmpty()).toList();
    markers = List.copyOf(markers);
  }

  /** The parts joined. */
  public String text() {
    return parts.stream().map(TextPart::text).collect(Collectors.joining());
  }
}
