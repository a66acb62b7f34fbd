/** Converts prompts to ids. */
@NullMarked
package dev.polylm.internal.prompt;

import org.jspecify.annotations.NullMarked;
