/** What scoring gives: how likely the model finds a text. */
@NullMarked
package dev.polylm.scoring;

import org.jspecify.annotations.NullMarked;
