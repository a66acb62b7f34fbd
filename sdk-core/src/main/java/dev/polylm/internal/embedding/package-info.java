/**
 * Texts as vectors of one length, by which texts of like meaning can be found: the mean of the
 * model's last hidden states.
 */
@NullMarked
package dev.polylm.internal.embedding;

import org.jspecify.annotations.NullMarked;
