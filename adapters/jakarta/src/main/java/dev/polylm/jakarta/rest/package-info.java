/**
 * The API over HTTP, in the application's own Jakarta REST application.
 *
 * <p>{@code CorsFilter}, {@code AccessFilter} and {@code BodyFilter} see a request first. They and
 * the mapper of errors leave all paths alone that are not the API's. The resources pass the request
 * to {@code Requests}, which answers it on a thread of {@code Traffic}.
 *
 * <p>Traps: a server without a {@code Departure} notices that a client has disconnected only when
 * the next event fails. Some servers buffer a StreamingOutput, so pieces go through an
 * SseEventSink.
 */
@NullMarked
package dev.polylm.jakarta.rest;

import org.jspecify.annotations.NullMarked;
