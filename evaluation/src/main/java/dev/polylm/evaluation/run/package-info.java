/**
 * Runs a model on items. {@link dev.polylm.evaluation.run.Answerer} asks the model, {@link
 * dev.polylm.evaluation.run.Runner} asks for many items at once, and {@link
 * dev.polylm.evaluation.run.Journal} keeps the answers in a file, so that a later run goes on where
 * an earlier one ended.
 */
@NullMarked
package dev.polylm.evaluation.run;

import org.jspecify.annotations.NullMarked;
