/**
 * One model for many callers: their rows share its runs, so that one pass of the weights through
 * memory serves all.
 *
 * <p>A request is one noun on each side of the engine:
 *
 * <table>
 * <caption>A request, from entry to end</caption>
 * <tr><th>name</th><th>what it is</th><th>who holds it</th></tr>
 * <tr><td>{@link dev.polylm.generation.GenerationRequest}</td><td>what a caller asks:
 * prompt and settings; immutable</td><td>the caller</td></tr>
 * <tr><td>{@link dev.polylm.internal.decoding.DecodingTask}</td><td>what the model is run for, logits
 * in and ids out: a {@code Search} of a request, a text to score, texts to embed</td><td>the engine
 * until its end, then the one who submitted it</td></tr>
 * <tr><td>{@link dev.polylm.internal.engine.EngineRequest}</td><td>a task on its way through the
 * engine: its status from WAITING to its end, its times, its rows. Its caller sees it as a {@code
 * Ticket}</td><td>{@code RequestQueue}, then {@code LanePool}</td></tr>
 * <tr><td>{@code Generation}</td><td>the delivery of a GenerationRequest: its ticket, its pieces of
 * text, its result; every way to call the SDK is a view of it</td><td>the caller's handle or
 * stream</td></tr>
 * </table>
 *
 * <p>How a request ended is its last {@code Status} inside, and a {@link
 * dev.polylm.generation.FinishReason} for each sequence outside. How long it took is its {@link
 * dev.polylm.generation.Timings} everywhere.
 *
 * <p>An {@link dev.polylm.internal.engine.Engine} takes tasks from any thread. They wait in the
 * {@code RequestQueue}, whose {@code peek} alone decides whose turn it is, until their rows fit the
 * budget. The engine's one thread calls {@code Scheduler.step}: schedule, run, postprocess. A
 * {@code Lane} is a cache whose rows share runs. The {@code LanePool} sizes lanes by what their
 * requests can still need, and keeps them and the {@code PrefixStore} within the budget. {@code
 * RowPlacement} says which rows are copied so that the rows of a step are the first.
 *
 * <p>At a request's end the {@code EngineObserver} hears first, then the caller: metrics, events
 * and the log line are there when the result is.
 *
 * <p>Traps: the scheduler and all that it calls belong to one thread. Whatever a task does in its
 * callbacks stalls all others. A request's rows are reserved at its admission for all it can come
 * to need, so that nothing that runs is ever stopped because memory ran out.
 */
@NullMarked
package dev.polylm.internal.engine;

import org.jspecify.annotations.NullMarked;
