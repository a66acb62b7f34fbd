/**
 * Joins the model, the choice of ids and the tokenizer: a prompt becomes new text.
 *
 * <p>A {@link dev.polylm.generation.GenerationConfig} holds the settings of a request, with Hugging
 * Face's names and meaning. The model's own file gives the defaults: {@code
 * request.over(modelDefaults)} is what holds. {@link dev.polylm.generation.LogitsProcessors} makes
 * the processors of a step of it.
 *
 * <p>A {@link dev.polylm.generation.Search} knows nothing of the model: it takes logits and says
 * which ids its rows read next and which row each goes on from. As a {@link
 * dev.polylm.decoding.DecodingTask} it is run beside others.
 *
 * <p>Text that a tokenizer's streaming decoder gives flows through {@code StopStringMatcher}, which
 * ends it at a stop string, and {@code GraphemeStream}, which keeps what a reader sees as one
 * character in one piece; {@code OutputText} joins the two.
 *
 * <p>Inside, every setting is an entry of one table, {@code Settings}: name, JSON type, default and
 * range. Reading, writing, merging and checking ranges go over that table; rules that join several
 * settings are in {@code SettingRules}. A new setting is an entry, a builder method and a getter.
 */
@NullMarked
package dev.polylm.generation;

import org.jspecify.annotations.NullMarked;
