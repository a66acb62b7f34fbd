/**
 * Runs a PolyLM in this JVM as Spring AI's models. Begin with {@link
 * dev.polylm.springai.PolyLmSpringAiChatModel}.
 */
@NullMarked
package dev.polylm.springai;

import org.jspecify.annotations.NullMarked;
