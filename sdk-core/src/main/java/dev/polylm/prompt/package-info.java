/**
 * Prompts in the forms that the models of the family were trained on.
 *
 * <p>A {@link dev.polylm.prompt.PromptForm} turns a text, a request for a translation or a
 * conversation of {@link dev.polylm.prompt.ChatMessage}s into a {@link dev.polylm.prompt.Prompt}. A
 * prompt keeps what the form says apart from what people say. When it becomes ids, no one's text
 * can pose as the form's: neither as a special token nor as a role marker.
 */
@NullMarked
package dev.polylm.prompt;

import org.jspecify.annotations.NullMarked;
