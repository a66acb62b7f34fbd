/**
 * Embeddings: vectors of equal length that are similar for texts of similar meaning. A vector is
 * the mean of the model's last hidden states.
 */
@NullMarked
package dev.polylm.internal.embedding;

import org.jspecify.annotations.NullMarked;
