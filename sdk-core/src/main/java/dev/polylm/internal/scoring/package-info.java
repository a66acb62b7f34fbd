/** Scores given texts: log-likelihoods of continuations and perplexity, as evaluations use them. */
@NullMarked
package dev.polylm.internal.scoring;

import org.jspecify.annotations.NullMarked;
