package dev.polylm.internal.constraint.mask;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.grammar.Configuration;
import dev.polylm.internal.constraint.grammar.Program;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of an answer under its constraint. Immutable, so rows of a batch, beams and drafts can
 * share it.
 *
 * <p>In a step, {@link #mask} forbids the ids that the constraint doesn't allow, an id is chosen,
 * and {@link #after} returns the state after it. An id that ends answers is allowed exactly if
 * {@link #mayEnd} is true. There is no state after it.
 */
public final class State {
  private static final int MAX_FORCED_BYTES = 512;

  private final ConstraintDecoder decoder;
  private final Program program;
  private final int[] endIds;
  private final Masker masker;
  private final Configuration configuration;
  private final @Nullable Path path;

  /** The ids so far, the last one first, and whether they have written anything. */
  private record Path(@Nullable Path before, int id, boolean written) {}

  State(
      ConstraintDecoder decoder,
      Program program,
      int[] endIds,
      Masker masker,
      Configuration configuration,
      @Nullable Path path) {
    this.decoder = decoder;
    this.program = program;
    this.endIds = endIds;
    this.masker = masker;
    this.configuration = configuration;
    this.path = path;
  }

  /** Returns the ids that may come next. */
  public Mask mask() {
    return masker.mask(configuration, view(path)).endingWith(endIds, mayEnd());
  }

  /** Returns whether the id may come next. This costs less than a mask, and is meant for drafts. */
  public boolean allows(int id) {
    return isEnd(id) ? mayEnd() : next(masker, configuration, path, id) != null;
  }

  /**
   * Returns the state after an id.
   *
   * @throws PolyLmException if the id may not come next, or ends the answer
   */
  public State after(int id) {
    Masker current = decoder.masker(program, masker);
    Configuration from = current == masker ? configuration : replayed(current);
    Configuration next = isEnd(id) ? null : next(current, from, path, id);
    if (next == null) {
      throw new PolyLmException(
          "id %s can't follow under the constraint %s".formatted(id, program));
    }
    boolean written = isWritten(path) || view(path).bytes(id).length > 0;
    return new State(decoder, program, endIds, current, next, new Path(path, id, written));
  }

  private boolean isEnd(int id) {
    for (int end : endIds) {
      if (end == id) {
        return true;
      }
    }
    return false;
  }

  /** Returns true if the answer may end here. */
  public boolean mayEnd() {
    return configuration.accepting();
  }

  /** Returns true if the answer can only end here. */
  public boolean mustEnd() {
    return masker.ended(configuration);
  }

  /**
   * Returns the text that every answer continues with, in whole characters. It is empty if there is
   * a choice. Use it only as a draft that the model verifies, because the model may choose a piece
   * that is longer than this text.
   */
  public String forcedText() {
    byte[] forced = masker.forced(configuration, MAX_FORCED_BYTES);
    int end = forced.length > 0 && isContinuation(forced[0]) ? 0 : forced.length;
    while (end > 0 && isCutBefore(forced, end)) {
      end--;
    }
    return new String(forced, 0, end, StandardCharsets.UTF_8);
  }

  /** Returns {@link #forcedText} as ids, the longest piece first, at most so many. */
  public int[] forcedIds(int limit) {
    return spelled(masker.forced(configuration, MAX_FORCED_BYTES), limit);
  }

  /** Returns whether an answer is completed by {@link #completion} when it reaches its limit. */
  public boolean completesAtLimit() {
    return program.completesAtLimit();
  }

  /**
   * Returns the shortest text after which the answer may end, as ids, the longest piece first. The
   * completion after its first id is the rest of it.
   *
   * @throws PolyLmException if the vocabulary can't spell the text
   */
  public int[] completion() {
    byte[] text = masker.completion(configuration);
    int[] ids = spelled(text, text.length);
    if (ids.length == 0 && text.length > 0) {
      throw new PolyLmException(
          "the vocabulary has no piece for the text that completes an answer under the constraint "
              + program);
    }
    return ids;
  }

  /** Returns a text that may follow as ids, up to a limit and to what the vocabulary can spell. */
  private int[] spelled(byte[] forced, int limit) {
    List<Integer> ids = new ArrayList<>();
    boolean written = isWritten(path);
    boolean started = path != null;
    int at = 0;
    while (at < forced.length && ids.size() < limit) {
      View.Match match = decoder.view(started, written).longest(forced, at);
      if (match.length() == 0) {
        break;
      }
      ids.add(match.id());
      at += match.length();
      started = true;
      written = true;
    }
    return ids.stream().mapToInt(id -> id).toArray();
  }

  /** Returns the ids up to the first one that may not follow or ends the answer. */
  public int[] allowed(int[] ids) {
    State at = this;
    int count = 0;
    while (count < ids.length && !isEnd(ids[count]) && at.allows(ids[count])) {
      at = at.after(ids[count++]);
    }
    return Arrays.copyOf(ids, count);
  }

  /** Returns whether a position in UTF-8 is inside a character. */
  private static boolean isCutBefore(byte[] text, int end) {
    int start = end - 1;
    while (start > 0 && isContinuation(text[start])) {
      start--;
    }
    int lead = Byte.toUnsignedInt(text[start]);
    int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return start + length > end;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private @Nullable Configuration next(
      Masker masker, Configuration from, @Nullable Path before, int id) {
    View view = view(before);
    byte[] bytes = view.bytes(id);
    if (bytes.length > 0) {
      return masker.after(from, bytes);
    }
    for (int empty : view.empty) {
      if (empty == id) {
        return from;
      }
    }
    return null;
  }

  /** Returns the tables that it uses. */
  Masker tables() {
    return masker;
  }

  /** Reads the ids again with new tables. */
  private Configuration replayed(Masker current) {
    Deque<Path> steps = new ArrayDeque<>();
    for (Path step = path; step != null; step = step.before) {
      steps.push(step);
    }
    Configuration at = current.start();
    for (Path step : steps) {
      at = Objects.requireNonNull(next(current, at, step.before, step.id));
    }
    return at;
  }

  private View view(@Nullable Path path) {
    return decoder.view(path != null, isWritten(path));
  }

  /** Returns the phrases that a beam search makes room for; empty without any. */
  public List<List<String>> phrases() {
    return program.phrases();
  }

  /** Returns the constraint in words. */
  @Override
  public String toString() {
    return program.toString();
  }

  private static boolean isWritten(@Nullable Path path) {
    return path != null && path.written;
  }
}
