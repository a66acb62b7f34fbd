/**
 * Prompts in the forms that the models were trained on.
 *
 * <p>A {@link dev.polylm.prompt.PromptForm} turns a text, a request for a translation or a
 * conversation of {@link dev.polylm.prompt.ChatMessage}s into a {@link dev.polylm.prompt.Prompt}. A
 * prompt keeps the form's texts apart from people's texts. When it is encoded, no text of a person
 * can act as a special token or a role marker.
 */
@NullMarked
package dev.polylm.prompt;

import org.jspecify.annotations.NullMarked;
