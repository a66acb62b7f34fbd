/**
 * From what people write to the ids that a model of the family was trained on.
 *
 * <p>A {@link dev.polylm.prompt.PromptForm} puts a text, a request for a translation or a
 * conversation of {@link dev.polylm.prompt.ChatMessage}s into a {@link dev.polylm.prompt.Prompt},
 * which keeps apart what the form says and what people say. {@link
 * dev.polylm.internal.prompt.PromptEncoder} makes ids of it in which no one's text can pose as the
 * form's: neither as a special token nor as a role marker.
 */
@NullMarked
package dev.polylm.prompt;

import org.jspecify.annotations.NullMarked;
