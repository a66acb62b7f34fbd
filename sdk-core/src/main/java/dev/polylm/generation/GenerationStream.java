package dev.polylm.generation;

import java.util.Iterator;
import java.util.stream.Stream;

/**
 * The text of an answer, piece by piece, while it is made. Joined, the pieces are the answer's
 * text; each piece is whole characters as a reader sees them.
 *
 * <pre>{@code
 * try (GenerationStream pieces = polyLm.stream(GenerationRequest.ofPrompt("Once upon a time"))) {
 *   pieces.forEach(System.out::print);
 *   System.out.println(pieces.result().newTokens() + " tokens");
 * }
 * }</pre>
 *
 * <p>Each piece is given once, whichever of {@link #iterator}, {@link #forEach} and {@link #pieces}
 * asks for it; what nobody reads waits, the model does not. An interrupt of the thread that waits
 * for a piece cancels the generation, whose last pieces then follow, and is kept. For one thread at
 * a time, except for {@link #cancel}, {@link #close} and {@link #result}.
 */
public interface GenerationStream extends Iterable<String>, AutoCloseable {

  /**
   * The pieces that have not been read yet.
   *
   * @throws RuntimeException from {@code hasNext} and {@code next}, what the generation has thrown
   */
  @Override
  Iterator<String> iterator();

  /** The pieces that have not been read yet, as a stream whose close is {@link #close}. */
  Stream<String> pieces();

  /**
   * Waits for the result, whether or not the pieces are read. Where the waiting thread is
   * interrupted the generation is cancelled, and the interrupt flag is set again.
   *
   * @throws RuntimeException what the generation has thrown
   */
  GenerationResult result();

  /** Ends the generation at once; does nothing where it has ended. */
  void cancel();

  /** As {@link #cancel}. What was generated so far can still be read. */
  @Override
  void close();
}
