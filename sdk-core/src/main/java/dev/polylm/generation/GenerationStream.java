package dev.polylm.generation;

import java.util.Iterator;
import java.util.stream.Stream;

/**
 * The text of an answer, piece by piece, while the model generates it. The joined pieces are the
 * answer's text. Each piece consists of whole characters as a reader sees them.
 *
 * <pre>{@code
 * try (GenerationStream pieces = polyLm.stream(GenerationRequest.ofPrompt("Once upon a time"))) {
 *   pieces.forEach(System.out::print);
 *   System.out.println(pieces.result().newTokens() + " tokens");
 * }
 * }</pre>
 *
 * <p>{@link #iterator}, {@link #forEach} and {@link #pieces} give each piece once between them.
 * Unread pieces wait; the model does not. If the thread that waits for a piece is interrupted, the
 * generation is cancelled, its last pieces follow, and the interrupt flag stays set. Only one
 * thread at a time may use a stream, except for {@link #cancel}, {@link #close} and {@link
 * #result}.
 */
public interface GenerationStream extends Iterable<String>, AutoCloseable {

  /**
   * Returns the pieces that have not been read yet.
   *
   * @throws RuntimeException from {@code hasNext} and {@code next}: the exception that the
   *     generation threw; after the last piece also an {@link
   *     dev.polylm.constraint.UnfinishedAnswerException} if {@link dev.polylm.PolyLm#closeNow}
   *     ended the generation
   */
  @Override
  Iterator<String> iterator();

  /**
   * Returns the pieces that have not been read yet, as a stream. Closing it calls {@link #close}.
   */
  Stream<String> pieces();

  /**
   * Waits for the result, whether or not the pieces are read. If the waiting thread is interrupted,
   * the generation is cancelled and the interrupt flag stays set.
   *
   * @throws RuntimeException the exception that the generation threw
   */
  GenerationResult result();

  /** Ends the generation at once. Has no effect if the generation has ended. */
  void cancel();

  /** Ends the generation as {@link #cancel} does. The pieces generated so far can still be read. */
  @Override
  void close();
}
