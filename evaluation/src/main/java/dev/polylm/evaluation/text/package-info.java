/** What Python does with texts, for all that is held to Python programs. */
@NullMarked
package dev.polylm.evaluation.text;

import org.jspecify.annotations.NullMarked;
