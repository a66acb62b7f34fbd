/** Makes Spring AI's models of the PolyLm bean, by the conventions of Spring AI's own modules. */
@NullMarked
package dev.polylm.springai.autoconfigure;

import org.jspecify.annotations.NullMarked;
