/**
 * A request and its answer: {@link dev.polylm.generation.GenerationRequest}, {@link
 * dev.polylm.generation.GenerationConfig}, {@link dev.polylm.generation.GenerationResult}.
 *
 * <p>A {@link dev.polylm.generation.GenerationConfig} holds the settings of a request, with Hugging
 * Face's names and meaning. The model's own file gives the defaults: {@code
 * request.over(modelDefaults)} joins the two.
 *
 * <p>Inside, every setting is an entry of one table, {@code Settings}: name, JSON type, default and
 * range. Reading, writing, merging and checking ranges go over that table; rules that join several
 * settings are in {@code SettingRules}. A new setting is an entry, a builder method and a getter.
 */
@NullMarked
package dev.polylm.generation;

import org.jspecify.annotations.NullMarked;
