package dev.polylm.internal.chat;

import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The turns so far. Immutable.
 *
 * @param system the instructions for the whole conversation, or null for none
 */
record History(@Nullable String system, List<Turn> turns) {

  History {
    turns = List.copyOf(turns);
  }

  /** Returns the number of ids. */
  int length() {
    return turns.stream().mapToInt(Turn::length).sum();
  }

  int[] ids() {
    return turns.stream()
        .flatMapToInt(
            turn ->
                IntStream.concat(Arrays.stream(turn.requestIds()), Arrays.stream(turn.replyIds())))
        .toArray();
  }

  List<ChatMessage> messages() {
    List<ChatMessage> messages = new ArrayList<>();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
    turns.forEach(turn -> messages.addAll(messagesOf(turn)));
    return messages;
  }

  private static List<ChatMessage> messagesOf(Turn turn) {
    return List.of(ChatMessage.user(turn.request()), ChatMessage.assistant(turn.reply()));
  }

  /** Returns the messages of the oldest turn. */
  List<ChatMessage> oldest() {
    return messagesOf(turns.get(0));
  }

  /** Returns the ids of the next request. */
  int[] requestIds(String request, PromptForm form, Tokenizer tokenizer) {
    return turns.isEmpty()
        ? PromptEncoder.encode(form.chat(opening(request)), tokenizer)
        : PromptEncoder.encodeContinuation(form.nextTurn(request), tokenizer);
  }

  private List<ChatMessage> opening(String request) {
    return system == null
        ? List.of(ChatMessage.user(request))
        : List.of(ChatMessage.system(system), ChatMessage.user(request));
  }

  History with(Turn turn) {
    List<Turn> more = new ArrayList<>(turns);
    more.add(turn);
    return new History(system, more);
  }

  /**
   * Returns the history without its oldest turn. The next turn then begins the conversation, after
   * the system text.
   */
  History withoutOldest(PromptForm form, Tokenizer tokenizer) {
    List<Turn> fewer = new ArrayList<>(turns.subList(1, turns.size()));
    if (!fewer.isEmpty()) {
      Turn first = fewer.get(0);
      int[] opening = PromptEncoder.encode(form.chat(opening(first.request())), tokenizer);
      fewer.set(0, new Turn(first.request(), opening, first.reply(), first.replyIds()));
    }
    return new History(system, fewer);
  }

  /**
   * A request and its reply.
   *
   * @param requestIds the ids of the request in the model's form, as it continues the turn before
   *     it
   * @param replyIds the ids of the reply, without an id that ended it
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private, never compared or changed
  record Turn(String request, int[] requestIds, String reply, int[] replyIds) {

    /** Returns true if no part is missing; in a file one may be. */
    boolean complete() {
      return request != null && requestIds != null && reply != null && replyIds != null;
    }

    int length() {
      return requestIds.length + replyIds.length;
    }
  }
}
