/**
 * A request and its answer: {@link dev.polylm.generation.GenerationRequest}, {@link
 * dev.polylm.generation.GenerationConfig}, {@link dev.polylm.generation.GenerationResult}.
 *
 * <p>A {@link dev.polylm.generation.GenerationConfig} holds the settings of a request, with Hugging
 * Face's names and meaning. The model's own file has the defaults. {@code
 * request.over(modelDefaults)} merges the two.
 *
 * <p>Inside the package, every setting is an entry in one table, {@code Settings}, with name, JSON
 * type, default and range. Code that reads, writes, merges or checks settings uses that table.
 * Rules about several settings are in {@code SettingRules}. A new setting needs an entry, a builder
 * method and a getter.
 */
@NullMarked
package dev.polylm.generation;

import org.jspecify.annotations.NullMarked;
