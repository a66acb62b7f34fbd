@NullMarked
package dev.polylm.engine;

import org.jspecify.annotations.NullMarked;
