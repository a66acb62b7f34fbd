/**
 * OpenAI's API without HTTP.
 *
 * <p>{@link dev.polylm.jakarta.openai.TaskReader} checks a request's JSON whole and makes a {@link
 * dev.polylm.jakarta.openai.Task} of it, or says what is wrong in an {@link
 * dev.polylm.jakarta.openai.ApiException}. {@link dev.polylm.jakarta.openai.TaskRun} makes the
 * answers, and {@code AnswerJson} writes them, whole or chunk by chunk.
 *
 * <p>The form is that of OpenAI's API reference as the clients openai-java 4.101.0 and
 * langchain4j-open-ai 1.19.0 read it.
 */
@NullMarked
package dev.polylm.jakarta.openai;

import org.jspecify.annotations.NullMarked;
