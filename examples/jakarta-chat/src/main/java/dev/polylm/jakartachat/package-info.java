/** A web application of a few lines with a PolyLM in it. */
@NullMarked
package dev.polylm.jakartachat;

import org.jspecify.annotations.NullMarked;
