/**
 * PolyLM in Jakarta EE.
 *
 * <p>{@code config} reads the keys under {@code polylm.}, {@code model} opens the models when the
 * application starts and closes them when it ends, {@code cdi} makes them beans: {@code @Inject
 * PolyLm}. {@code openai} turns a request of OpenAI's form into one of the SDK and the result into
 * an answer, {@code rest} is the way from HTTP to there and back, {@code health} says whether it is
 * open.
 */
@NullMarked
package dev.polylm.jakarta;

import org.jspecify.annotations.NullMarked;
