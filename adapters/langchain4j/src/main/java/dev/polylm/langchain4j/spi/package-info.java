/**
 * Hooks for frameworks that give the models' builders values of their own, as LangChain4j's
 * providers have them. A factory is named in {@code META-INF/services}; the first that is found is
 * used.
 */
@NullMarked
package dev.polylm.langchain4j.spi;

import org.jspecify.annotations.NullMarked;
