/**
 * Delivers the answer of a request to its caller.
 *
 * <p>Every request takes the same path. {@code Searches} checks it and makes a search from it, on
 * the caller's thread. The engine accepts the search and returns a ticket. A {@code Generation}
 * holds the ticket, a queue of pieces of text ({@code PieceQueue}), and the result. The thread that
 * ends the request makes the result. Everything that a caller gets is a view of a generation:
 *
 * <table>
 * <caption>Views</caption>
 * <tr><th>the caller calls</th><th>it gets</th><th>the thread that takes the pieces</th></tr>
 * <tr><td>{@code generate}</td><td>the result; its listener receives the pieces</td><td>the
 * caller's</td></tr>
 * <tr><td>{@code generateAll}</td><td>the results</td><td>none: nobody receives them</td></tr>
 * <tr><td>{@code stream}</td><td>a {@code TextStream}</td><td>the caller's</td></tr>
 * <tr><td>{@code start}</td><td>a {@code StartedGeneration}</td><td>one of {@code CallerThreads}, if there is a listener</td></tr>
 * <tr><td>{@code publisher}</td><td>a {@code TextSubscription} for each subscriber</td><td>one of {@code CallerThreads}, while it sends signals to the subscriber</td></tr>
 * </table>
 *
 * <p>So a request needs no thread. Only a caller's code that can't run on the caller's thread gets
 * one. {@link dev.polylm.internal.delivery.Lifecycle} makes the model's close wait for the calls.
 */
@NullMarked
package dev.polylm.internal.delivery;

import org.jspecify.annotations.NullMarked;
