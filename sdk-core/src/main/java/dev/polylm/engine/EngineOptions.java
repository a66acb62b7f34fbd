package dev.polylm.engine;

import dev.polylm.PolyLmException;
import dev.polylm.runtime.Decoder;

/**
 * What an engine may use. Immutable.
 *
 * @param maxRows sequences that a decoding step takes at most, at least 1. A request that wants
 *     more by itself runs alone.
 * @param queueCapacity requests that may wait, at least 1; a further one is refused
 * @param keyValueBytes memory for keys and values, those kept for reuse included; 0 takes three
 *     quarters of the memory that is free when the model is opened
 * @param promptChunk ids of a prompt that are read between two decoding steps at most, 1 to 512: a
 *     larger chunk reads faster, but the answers under way wait for it
 * @param prefixReuse whether keys and values are kept for prompts that begin with the same ids
 * @param logTexts whether prompts and answers are logged, at DEBUG to {@code dev.polylm.texts}
 */
public record EngineOptions(
    int maxRows,
    int queueCapacity,
    long keyValueBytes,
    int promptChunk,
    boolean prefixReuse,
    boolean logTexts) {
  private static final int DEFAULT_ROWS = 16;
  private static final int DEFAULT_QUEUE = 1024;
  private static final int DEFAULT_CHUNK = 128;
  private static final int MAX_CHUNK = Decoder.MAX_RUN_IDS;

  public EngineOptions {
    check("maxRows", maxRows, 1, Integer.MAX_VALUE);
    check("queueCapacity", queueCapacity, 1, Integer.MAX_VALUE);
    check("keyValueBytes", keyValueBytes, 0, Long.MAX_VALUE);
    check("promptChunk", promptChunk, 1, MAX_CHUNK);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new PolyLmException(
          "%s is %d, must be from %d to %d".formatted(name, value, least, most));
    }
  }

  /**
   * 16 rows, a queue of 1,024, memory by what is free, chunks of 128 ids, with reuse, no texts in
   * logs.
   */
  public static EngineOptions defaults() {
    return new EngineOptions(DEFAULT_ROWS, DEFAULT_QUEUE, 0, DEFAULT_CHUNK, true, false);
  }

  public EngineOptions withMaxRows(int newMaxRows) {
    return new EngineOptions(
        newMaxRows, queueCapacity, keyValueBytes, promptChunk, prefixReuse, logTexts);
  }

  public EngineOptions withQueueCapacity(int newCapacity) {
    return new EngineOptions(
        maxRows, newCapacity, keyValueBytes, promptChunk, prefixReuse, logTexts);
  }

  public EngineOptions withKeyValueBytes(long newBytes) {
    return new EngineOptions(maxRows, queueCapacity, newBytes, promptChunk, prefixReuse, logTexts);
  }

  public EngineOptions withPromptChunk(int newChunk) {
    return new EngineOptions(
        maxRows, queueCapacity, keyValueBytes, newChunk, prefixReuse, logTexts);
  }

  public EngineOptions withPrefixReuse(boolean newReuse) {
    return new EngineOptions(
        maxRows, queueCapacity, keyValueBytes, promptChunk, newReuse, logTexts);
  }

  public EngineOptions withLogTexts(boolean newLogTexts) {
    return new EngineOptions(
        maxRows, queueCapacity, keyValueBytes, promptChunk, prefixReuse, newLogTexts);
  }
}
