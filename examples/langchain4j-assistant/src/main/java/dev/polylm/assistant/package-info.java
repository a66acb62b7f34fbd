/**
 * An assistant that translates, made of LangChain4j's parts with a PolyLM in the same JVM.
 *
 * <p>{@code Main} reads turns ({@code Turn}) and has the {@code Assistant} answer them. That holds
 * two AI services ({@code Translator}) over one model: one for sentences, one whose terms the
 * {@code Glossary} replaces by sentences it finds with {@code NgramEmbeddingModel}. Both share
 * their memories, so a later turn can ask for the same sentence in another language.
 */
@NullMarked
package dev.polylm.assistant;

import org.jspecify.annotations.NullMarked;
