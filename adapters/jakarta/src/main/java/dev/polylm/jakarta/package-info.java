/**
 * PolyLM in Jakarta EE.
 *
 * <p>{@code config} reads the keys under {@code polylm.}. {@code model} opens the models when the
 * application starts and closes them when it ends. {@code cdi} makes them beans: {@code @Inject
 * PolyLm}. {@code openai} turns a request in OpenAI's form into one of the SDK, and the result into
 * an answer. {@code rest} connects {@code openai} with HTTP. {@code health} reports whether the
 * models are open.
 */
@NullMarked
package dev.polylm.jakarta;

import org.jspecify.annotations.NullMarked;
