package dev.polylm.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.polylm.PolyLmException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * DJL's tokenizer, holding a model alone: normalized text to ids, nothing cut and nothing padded.
 * Thread-safe; {@link #close} waits for the calls in flight.
 */
final class NativeSegmenter implements AutoCloseable {
  /** DJL reports its use home on some machines unless this is true. */
  private static final String NO_TELEMETRY = "OPT_OUT_TRACKING";

  /** DJL looks for native libraries on the net unless this is true. */
  private static final String OFFLINE = "ai.djl.offline";

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private final HuggingFaceTokenizer tokenizer;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * @param json a tokenizer.json without normalizer, pre-tokenizer and added tokens
   * @throws PolyLmException where DJL refuses it
   */
  NativeSegmenter(String json) {
    setUnlessSet(NO_TELEMETRY);
    setUnlessSet(OFFLINE);
    try {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS);
    } catch (IOException | RuntimeException e) {
      throw new PolyLmException(
          "model: is refused by the tokenizers library: " + e.getMessage(), e);
    }
  }

  /** A library makes no network call unless its user said otherwise. */
  private static void setUnlessSet(String property) {
    if (System.getProperty(property) == null && System.getenv(property) == null) {
      System.setProperty(property, "true");
    }
  }

  /**
   * The pieces of a text; their spans count code points.
   *
   * @throws PolyLmException after {@link #close}
   */
  Encoding segment(String normalized) {
    lock.readLock().lock();
    try {
      checkOpen();
      return tokenizer.encode(normalized, false, false);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * @throws PolyLmException after {@link #close}
   */
  void checkOpen() {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new PolyLmException("the tokenizer is closed");
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      tokenizer.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
