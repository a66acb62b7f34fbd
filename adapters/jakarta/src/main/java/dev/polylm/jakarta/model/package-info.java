/** The models of an application: opened when it starts, closed when it ends. */
@NullMarked
package dev.polylm.jakarta.model;

import org.jspecify.annotations.NullMarked;
