/** The result of scoring: the log-likelihood of a text. */
@NullMarked
package dev.polylm.scoring;

import org.jspecify.annotations.NullMarked;
