/**
 * Delivers the answer of a request to its caller.
 *
 * <p>A request has one road. {@code Searches} checks it and makes a search of it, on the caller's
 * thread. The runner, the engine, takes the search and gives a ticket. A {@code Generation} holds
 * the ticket, one queue of {@code Pieces} of text, and the result, which the thread that ends the
 * request makes. All else is a view of a generation:
 *
 * <table>
 * <caption>Views</caption>
 * <tr><th>the caller asks</th><th>it gets</th><th>whose thread takes the pieces</th></tr>
 * <tr><td>{@code generate}</td><td>the result; its listener hears the pieces</td><td>the
 * caller's</td></tr>
 * <tr><td>{@code generateAll}</td><td>the results</td><td>none, nobody hears them</td></tr>
 * <tr><td>{@code stream}</td><td>a {@code TextStream}</td><td>the caller's</td></tr>
 * <tr><td>{@code start}</td><td>a {@code StartedGeneration}</td><td>where there is a listener, one of
 * {@code CallerThreads}</td></tr>
 * <tr><td>{@code publisher}</td><td>a {@code TextSubscription} for each subscriber</td><td>one of
 * {@code CallerThreads}, while the subscriber is given something</td></tr>
 * </table>
 *
 * <p>So no request has a thread; only code of a caller's that can't run on the caller's own thread
 * is lent one. {@link dev.polylm.internal.delivery.Lifecycle} orders the calls and the model's
 * close.
 */
@NullMarked
package dev.polylm.internal.delivery;

import org.jspecify.annotations.NullMarked;
