/** Scoring: how likely a model finds texts. */
@NullMarked
package dev.polylm.scoring;

import org.jspecify.annotations.NullMarked;
