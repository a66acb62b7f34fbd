/**
 * Measures a model: {@link dev.polylm.evaluation.Evaluation} reads the tasks' files, asks the
 * model, and writes a report.
 */
@NullMarked
package dev.polylm.evaluation;

import org.jspecify.annotations.NullMarked;
