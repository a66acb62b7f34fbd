package dev.polylm.prompt;

import dev.polylm.PolyLmException;
import dev.polylm.internal.prompt.PromptEncoder;
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
  /**
   * Leaves empty parts out.
   *
   * @throws PolyLmException where a marker is empty or not in ASCII
   */
  public Prompt {
    parts = parts.stream().filter(part -> !part.text().isEmpty()).toList();
    markers = List.copyOf(markers);
    markers.forEach(Prompt::checkMarker);
  }

  /** The parts joined. */
  public String text() {
    return parts.stream().map(TextPart::text).collect(Collectors.joining());
  }

  private static void checkMarker(String marker) {
    if (marker.isEmpty() || marker.chars().anyMatch(c -> c > 0x7F)) {
      throw new PolyLmException(
          "role marker \"%s\" of a prompt: expected one or more ASCII characters"
              .formatted(marker));
    }
  }
}
