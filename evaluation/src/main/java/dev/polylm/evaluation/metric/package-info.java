/**
 * The metrics of the field, each exact to its Python reference: BLEU and chrF to sacreBLEU, ROUGE
 * to Google's rouge-score, exact match and F1 to SQuAD's script.
 *
 * <p>BLEU and chrF are not means over segments. Each segment has statistics, and the score is
 * computed from their sum. {@link dev.polylm.evaluation.metric.Resampling} draws segments to tell
 * how far a score can be trusted.
 */
@NullMarked
package dev.polylm.evaluation.metric;

import org.jspecify.annotations.NullMarked;
