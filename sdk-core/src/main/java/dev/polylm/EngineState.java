package dev.polylm;

/**
 * What an engine holds at one moment.
 *
 * <pre>{@code
 * EngineState state = polyLm.engineState();
 * System.out.println(state.running() + " requests run, " + state.waiting() + " wait");
 * }</pre>
 *
 * @param waiting how many requests are in the queue
 * @param running how many requests have their rows
 * @param rows how many sequences the running requests may have at most
 * @param keyValueBytes the memory of the rows' keys, values and logits
 * @param prefixBytes the memory of keys and values that are kept for later prompts
 * @param limitBytes how much memory both may take together
 */
public record EngineState(
    int waiting, int running, int rows, long keyValueBytes, long prefixBytes, long limitBytes) {

  public EngineState waitingNow(int newWaiting) {
    return new EngineState(newWaiting, running, rows, keyValueBytes, prefixBytes, limitBytes);
  }
}
