/**
 * Finds the ids of a vocabulary that a grammar allows next.
 *
 * <p>{@link dev.polylm.internal.constraint.mask.ConstraintDecoder} is made once for each tokenizer,
 * from its {@link dev.polylm.internal.constraint.mask.TokenVocabulary}. Its {@code begin} returns
 * the {@link dev.polylm.internal.constraint.mask.State} before an answer. A state gives the {@link
 * dev.polylm.internal.constraint.mask.Mask} of the ids that may come next, and the state after
 * each.
 *
 * <p>Trap: the first ids of an answer add other bytes than later ids, because decoding drops the
 * word boundary before the first word. A {@link dev.polylm.internal.constraint.mask.View} says
 * which bytes each id adds at a place. Byte pieces and text pieces may add the same bytes; all of
 * them are allowed.
 */
@NullMarked
package dev.polylm.internal.constraint.mask;

import org.jspecify.annotations.NullMarked;
