/**
 * PolyLM as a provider of LangChain4j: a user changes one builder and runs the model in the JVM.
 *
 * <p>A request takes these steps:
 *
 * <ol>
 *   <li>A model's {@code chat}, which is LangChain4j's, lays the request over the model's default
 *       parameters and calls the listeners.
 *   <li>{@code CheckedRequest} refuses what PolyLM can't do. It turns the messages into a prompt
 *       ({@code ChatPrompts}) and the parameters into settings ({@code GenerationSettings}).
 *   <li>{@code LazyModels} finds the {@link dev.polylm.PolyLm} with the requested name.
 *   <li>{@code Answers} turns the result into LangChain4j's response. {@code StreamingGeneration}
 *       calls a handler meanwhile.
 * </ol>
 *
 * <p>Nothing is ignored: a request's parameter is honoured, or refused with an exception of
 * LangChain4j that names it.
 */
@NullMarked
package dev.polylm.langchain4j;

import org.jspecify.annotations.NullMarked;
