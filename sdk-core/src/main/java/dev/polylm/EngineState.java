package dev.polylm;

/**
 * The load of an engine at one moment.
 *
 * <pre>{@code
 * EngineState state = polyLm.engineState();
 * System.out.println(state.running() + " requests run, " + state.waiting() + " wait");
 * }</pre>
 *
 * @param waiting how many requests are in the queue, also because callers with fewer rows go first
 * @param running how many requests are running
 * @param rows the largest number of sequences that the running requests can have
 * @param keyValueBytes the bytes of the rows' keys, values and logits
 * @param prefixBytes the bytes of keys and values that are kept for later prompts
 * @param limitBytes how many bytes the two may take together
 */
public record EngineState(
    int waiting, int running, int rows, long keyValueBytes, long prefixBytes, long limitBytes) {

  public EngineState waitingNow(int newWaiting) {
    return new EngineState(newWaiting, running, rows, keyValueBytes, prefixBytes, limitBytes);
  }
}
