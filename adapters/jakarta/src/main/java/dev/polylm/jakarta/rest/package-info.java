/**
 * The API over HTTP, in the application's own Jakarta REST application.
 *
 * <p>{@code CorsFilter}, {@code AccessFilter} and {@code BodyFilter} see a request first; they and
 * the mapper of errors leave all paths but {@code v1/} alone. The resources hand it to {@code
 * Requests}, which has it answered on a thread of {@code Traffic}.
 *
 * <p>Traps: a client's going away is known only by the failure of the next event; some servers
 * buffer a StreamingOutput, so that pieces go through an SseEventSink.
 */
@NullMarked
package dev.polylm.jakarta.rest;

import org.jspecify.annotations.NullMarked;
