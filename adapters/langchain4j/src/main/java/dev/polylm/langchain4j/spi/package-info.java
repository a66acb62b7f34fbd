/**
 * Hooks for frameworks that give the models' builders values of their own, like those of
 * LangChain4j's other providers. {@code META-INF/services} names a factory; the first one found is
 * used.
 */
@NullMarked
package dev.polylm.langchain4j.spi;

import org.jspecify.annotations.NullMarked;
