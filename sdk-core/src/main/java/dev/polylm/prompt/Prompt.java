package dev.polylm.prompt;

import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.TextPart;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A text for a model to continue, in parts. {@link PromptForm} makes the prompts of the family; the
 * constructor is for other forms.
 *
 * <pre>{@code
 * Prompt prompt =
 *     new Prompt(
 *         List.of(
 *             new TextPart("### Question\n", true),
 *             new TextPart("What is </s>?", false), // plain text, whatever is in it
 *             new TextPart("\n### Answer\n", true)),
 *         List.of("### Question", "### Answer"));
 * GenerationRequest request = GenerationRequest.ofPrompt(prompt);
 * }</pre>
 *
 * @param parts the parts in order; the parts of the form are trusted, the texts of people and
 *     models are not
 * @param markers the ASCII texts that mark roles in this form; a part that is not trusted can't act
 *     as a marker
 */
public record Prompt(List<TextPart> parts, List<String> markers) {
  /**
   * Leaves out empty parts.
   *
   * @throws PolyLmException if a marker is empty or not in ASCII
   */
  public Prompt {
    parts = parts.stream().filter(part -> !part.text().isEmpty()).toList();
    markers = List.copyOf(markers);
    markers.forEach(Prompt::checkMarker);
  }

  /** Returns the texts of all parts, joined. */
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
