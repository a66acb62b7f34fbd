/**
 * How well a model reads the shipped texts, so that an export of files that nobody here has seen
 * can tell whether they were understood.
 *
 * <p>{@link dev.polylm.export.judgement.TextSample} is a bounded number of their tokens, {@link
 * dev.polylm.export.judgement.TextLoss} what a model made of them, {@link
 * dev.polylm.export.judgement.QkvChoice} the order of c_attn's outputs in which it reads them
 * better.
 */
@NullMarked
package dev.polylm.export.judgement;

import org.jspecify.annotations.NullMarked;
