/**
 * From a grammar's bytes to a vocabulary's ids: which ids may come next.
 *
 * <p>{@link dev.polylm.internal.constraint.mask.ConstraintDecoder} is made once for a tokenizer,
 * from its {@link dev.polylm.internal.constraint.mask.TokenVocabulary}. Its {@code begin} gives the
 * {@link dev.polylm.internal.constraint.mask.State} before an answer; a state gives the {@link
 * dev.polylm.internal.constraint.mask.Mask} of the ids that may come, and the state after one.
 *
 * <p>Trap: the first ids of an answer add other bytes than later ones, since decoding drops the
 * word boundary before the first word. {@link dev.polylm.internal.constraint.mask.View} is what ids
 * add at a place. Byte pieces and text pieces may add the same bytes; all of them are allowed.
 */
@NullMarked
package dev.polylm.internal.constraint.mask;

import org.jspecify.annotations.NullMarked;
