package dev.polylm.internal.tool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer under a {@link ToolUse#constraint()} while it is generated. An answer that a
 * limit has cut off has the calls that are complete. Not thread-safe.
 */
public final class ToolAnswer {
  static final String CALLS = "{\"tool_calls\":[";
  static final String RESPONSE = "{\"response\":";
  static final String NAME = "{\"name\":\"";
  static final String ARGUMENTS = "\",\"arguments\":";

  /** Receives the parts of an answer. */
  public interface Listener {
    /** Takes a piece of the response, never empty. */
    void text(String piece);

    /**
     * Takes a piece of a call's arguments, never empty.
     *
     * @param call the call's id and name; its arguments are those so far, with this piece
     */
    void arguments(int index, ToolCall call, String piece);

    /** Takes a call that is complete. */
    void complete(int index, ToolCall call);
  }

  private enum State {
    START,
    RESPONSE,
    CALL,
    ARGUMENTS,
    END
  }

  private final boolean plainText;
  private final Listener listener;
  private final StringBuilder unread = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private JsonValueReader value = new JsonValueReader(false);
  private @Nullable ToolCall call;
  private State state = State.START;

  /**
   * @param use what was offered
   */
  public ToolAnswer(ToolUse use, Listener listener) {
    this.plainText = use.response() == null;
    this.listener = listener;
  }

  /** Returns the parts of a whole answer. */
  public static ToolAnswer of(ToolUse use, String answer) {
    ToolAnswer parts =
        new ToolAnswer(
            use,
            new Listener() {
              @Override
              public void text(String piece) {}

              @Override
              public void arguments(int index, ToolCall call, String piece) {}

              @Override
              public void complete(int index, ToolCall call) {}
            });
    parts.read(answer);
    return parts;
  }

  /** Returns the response so far; empty if tools are called. */
  public String text() {
    return text.toString();
  }

  /** Returns the calls that are complete. */
  public List<ToolCall> calls() {
    return List.copyOf(calls);
  }

  /** Takes the next piece of the answer. */
  public void read(String piece) {
    unread.append(piece);
    boolean more = true;
    while (more) {
      more =
          switch (state) {
            case START -> start();
            case RESPONSE -> response();
            case CALL -> callBegins();
            case ARGUMENTS -> arguments();
            case END -> false;
          };
    }
  }

  private boolean start() {
    if (skip(RESPONSE)) {
      value = new JsonValueReader(plainText);
      state = State.RESPONSE;
      return true;
    }
    if (skip(CALLS)) {
      state = State.CALL;
      return true;
    }
    return false;
  }

  private boolean skip(String expected) {
    if (unread.length() < expected.length() || unread.indexOf(expected) != 0) {
      return false;
    }
    unread.delete(0, expected.length());
    return true;
  }

  private boolean response() {
    String piece = value.read(unread);
    if (!piece.isEmpty()) {
      text.append(piece);
      listener.text(piece);
    }
    state = value.ended() ? State.END : State.RESPONSE;
    return false;
  }

  private boolean callBegins() {
    int begin = unread.indexOf(NAME);
    int end = unread.indexOf(ARGUMENTS);
    if (begin < 0 || end < 0) {
      return false;
    }
    call = new ToolCall(ToolCall.newId(), unread.substring(begin + NAME.length(), end), "");
    unread.delete(0, end + ARGUMENTS.length());
    value = new JsonValueReader(false);
    state = State.ARGUMENTS;
    return true;
  }

  private boolean arguments() {
    String piece = value.read(unread);
    ToolCall current = call;
    if (current == null) {
      throw new IllegalStateException("arguments belong to a call");
    }
    if (!piece.isEmpty()) {
      current = new ToolCall(current.id(), current.name(), current.arguments() + piece);
      call = current;
      listener.arguments(calls.size(), current, piece);
    }
    if (!value.ended()) {
      return false;
    }
    calls.add(current);
    listener.complete(calls.size() - 1, current);
    state = State.CALL;
    return true;
  }
}
