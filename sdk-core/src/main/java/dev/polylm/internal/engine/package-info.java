/**
 * Runs one model for many callers. Their rows share the model's runs, so that one pass of the
 * weights through memory serves all.
 *
 * <p>A request has these names on its way:
 *
 * <table>
 * <caption>A request, from entry to end</caption>
 * <tr><th>name</th><th>what it is</th><th>who holds it</th></tr>
 * <tr><td>{@link dev.polylm.generation.GenerationRequest}</td><td>the prompt and settings of a caller; immutable</td><td>the caller</td></tr>
 * <tr><td>{@link dev.polylm.internal.decoding.DecodingTask}</td><td>the work for the model, with logits in and ids out: a {@code Search}, a text to score, texts to embed</td><td>the engine until the task ends, then its submitter</td></tr>
 * <tr><td>{@link dev.polylm.internal.engine.EngineRequest}</td><td>a task in the engine, with its status, its times and its rows. Its caller sees it as a {@code Ticket}</td><td>{@code RequestQueue}, then {@code LanePool}</td></tr>
 * <tr><td>{@code Generation}</td><td>the delivery of an answer: the ticket, the pieces of text, the result. Every method of the SDK that generates returns a view of it</td><td>the caller's handle or
 * stream</td></tr>
 * </table>
 *
 * <p>Inside the engine, the last {@code Status} of a request says how it ended. Outside, each
 * sequence has a {@link dev.polylm.generation.FinishReason}. {@link dev.polylm.generation.Timings}
 * has the times of a request everywhere.
 *
 * <p>An {@link dev.polylm.internal.engine.Engine} takes tasks from any thread. They wait in the
 * {@code RequestQueue} until their rows fit the budget. Only its {@code next} decides whose turn it
 * is. A caller with many rows gives some up to a caller that waits: {@code Preemption} chooses
 * which requests keep their memory, but not their turn. The engine's one thread calls {@code
 * Scheduler.step}: schedule, run, postprocess. A {@code Lane} is a cache whose rows share runs. The
 * {@code LanePool} sizes lanes by what their requests can still need. It keeps the lanes and the
 * {@code PrefixStore} within the budget. {@code RowPlacement} decides which rows to copy so that
 * the rows of a step come first.
 *
 * <p>A draft model, if there is one, guesses ids before a decoding step. {@code Drafter} runs it,
 * {@code DraftPace} decides how many ids it guesses, and {@code DraftRows} has its keys and values.
 * The task itself chooses the guesses, and later says which were right.
 *
 * <p>When a request ends, the engine calls the {@code EngineObserver} first and the caller
 * afterwards. So metrics, events and the log line are complete when the caller has the result.
 *
 * <p>Traps: the scheduler and everything that it calls belong to one thread. A task that blocks in
 * a callback stalls all others. When a request is admitted, the engine reserves all rows that it
 * may need, so that no running request stops because memory ran out.
 */
@NullMarked
package dev.polylm.internal.engine;

import org.jspecify.annotations.NullMarked;
