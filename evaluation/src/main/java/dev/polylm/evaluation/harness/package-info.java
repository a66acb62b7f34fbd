/**
 * Reads the tasks of lm-evaluation-harness (0.4.13): the YAML files of {@code multiple_choice} and
 * {@code generate_until} whose texts are templates. Files with Python functions are refused.
 *
 * <p>{@link dev.polylm.evaluation.harness.HarnessTasks} reads the files, and {@link
 * dev.polylm.evaluation.harness.Template} renders the templates, in a subset of Jinja.
 */
@NullMarked
package dev.polylm.evaluation.harness;

import org.jspecify.annotations.NullMarked;
