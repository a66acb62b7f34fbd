/**
 * One model for many callers: their rows share its runs, so that the weights' one way through
 * memory serves all.
 *
 * <p>An {@link dev.polylm.internal.engine.Engine} takes {@link
 * dev.polylm.internal.decoding.DecodingTask}s from any thread. They wait in the {@code JobQueue}
 * until their rows fit the budget. Its one thread lets the {@code Scheduler} make steps: admit what
 * fits, read a chunk of prompts, one decoding step for all rows. A {@code Lane} is a cache whose
 * rows share runs; the {@code LanePool} sizes lanes by what their jobs can still need and keeps
 * them and the {@code PrefixStore} within the budget; {@code RowPlacement} says which rows are
 * copied so that those of a step are the first.
 *
 * <p>A task is the engine's until its {@code Ticket} ends, and is used under the ticket's lock
 * only. So a cancel, from any thread, ends it at once, whatever run or allocation is under way; the
 * scheduler lets its rows go afterwards.
 *
 * <p>Traps: the scheduler and all that it calls belong to one thread; whatever a task does in its
 * callbacks stalls all others; a job's rows are reserved at its admission for all it can come to
 * need, so that nothing that runs is ever stopped for want of memory.
 */
@NullMarked
package dev.polylm.internal.engine;

import org.jspecify.annotations.NullMarked;
