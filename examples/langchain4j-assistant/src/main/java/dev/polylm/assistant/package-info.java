/**
 * An assistant that translates, built from LangChain4j's parts and a PolyLM in the same JVM.
 *
 * <p>{@code Main} reads turns ({@code Turn}), and the {@code Assistant} answers them. The assistant
 * has two AI services ({@code Translator}) over one model. One translates sentences. The other
 * translates terms: the {@code Glossary} replaces each by a sentence that it finds with {@code
 * NgramEmbeddingModel}. Both services share their memories, so a later turn can ask for the same
 * sentence in another language.
 */
@NullMarked
package dev.polylm.assistant;

import org.jspecify.annotations.NullMarked;
