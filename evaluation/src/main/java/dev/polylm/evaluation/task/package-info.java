/**
 * The tasks of the PolyLM paper (arXiv:2307.06018v1, section 5 and appendix B): each reads its data
 * set's files in their public form and makes items.
 *
 * <p>A {@link dev.polylm.evaluation.task.ChoiceItem} is answered by the option that the model finds
 * likeliest, a {@link dev.polylm.evaluation.task.GenerationItem} by the text that it writes. A
 * {@link dev.polylm.evaluation.task.Measure} judges the answer.
 */
@NullMarked
package dev.polylm.evaluation.task;

import org.jspecify.annotations.NullMarked;
