/**
 * OpenAI's API without HTTP.
 *
 * <p>{@link dev.polylm.jakarta.openai.TaskReader} checks all of a request's JSON. It returns a
 * {@link dev.polylm.jakarta.openai.Task}, or throws an {@link
 * dev.polylm.jakarta.openai.ApiException} that says what is wrong. {@link
 * dev.polylm.jakarta.openai.TaskRun} makes the answers, and {@code AnswerJson} writes them, whole
 * or in chunks. Requests that generate nothing, such as those for embeddings, have readers of their
 * own, which return a {@link dev.polylm.jakarta.openai.ModelCall}.
 *
 * <p>The form is that of OpenAI's API reference, as the clients openai-java 4.101.0 and
 * langchain4j-open-ai 1.19.0 read it.
 */
@NullMarked
package dev.polylm.jakarta.openai;

import org.jspecify.annotations.NullMarked;
