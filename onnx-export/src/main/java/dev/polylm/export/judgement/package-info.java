/**
 * Finds how well a model reads the shipped texts. So an export of an unknown checkpoint can tell
 * whether it understood the files.
 *
 * <p>{@link dev.polylm.export.judgement.TextSample} is a bounded number of the texts' tokens.
 * {@link dev.polylm.export.judgement.TextLoss} is how well a model predicts them. {@link
 * dev.polylm.export.judgement.QkvChoice} is the order of c_attn's outputs in which it predicts them
 * better.
 */
@NullMarked
package dev.polylm.export.judgement;

import org.jspecify.annotations.NullMarked;
