/**
 * PolyLM as a provider of LangChain4j: a user changes one builder and runs the model in the JVM.
 *
 * <p>A request's way: a model's {@code chat} (LangChain4j's) lays the request over the model's
 * default parameters and calls the listeners; {@code Conversation} refuses what PolyLM can't do and
 * makes a prompt of the messages ({@code ChatPrompts}) and settings of the parameters ({@code
 * GenerationSettings}); {@code Models} finds the {@link dev.polylm.PolyLm} of the name that is
 * asked for; {@code Answers} makes LangChain4j's response of what it generated, {@code
 * StreamingGeneration} calls a handler meanwhile.
 *
 * <p>Nothing is ignored: what a request says is honoured, or refused with an exception of
 * LangChain4j that names it.
 */
@NullMarked
package dev.polylm.langchain4j;

import org.jspecify.annotations.NullMarked;
