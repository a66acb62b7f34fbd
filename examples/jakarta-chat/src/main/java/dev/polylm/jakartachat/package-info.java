/** A small web application with a PolyLM. */
@NullMarked
package dev.polylm.jakartachat;

import org.jspecify.annotations.NullMarked;
