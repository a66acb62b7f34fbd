package dev.polylm;

/**
 * What an engine holds at a moment.
 *
 * @param waiting requests in the queue
 * @param running requests that have their rows
 * @param rows sequences that the running requests may have at most
 * @param keyValueBytes memory of the rows' keys, values and logits
 * @param prefixBytes memory of keys and values that are kept for later prompts
 * @param limitBytes what both may take together
 */
public record EngineState(
    int waiting, int running, int rows, long keyValueBytes, long prefixBytes, long limitBytes) {

  public EngineState waitingNow(int newWaiting) {
    return new EngineState(newWaiting, running, rows, keyValueBytes, prefixBytes, limitBytes);
  }
}
