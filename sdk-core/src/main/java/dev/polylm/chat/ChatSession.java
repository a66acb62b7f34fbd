package dev.polylm.chat;

import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Prompt;
import dev.polylm.tokenizer.TextPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model.
 *
 * <p>What was said is kept as ids: a turn goes on from exactly the ids that the model has read and
 * written, so that keys and values that the engine has kept are reused. Where the next request, the
 * history and room for the reply don't fit into the model's context, the oldest turns are dropped,
 * a request with its reply at a time, until they do; the system text stays. The {@link
 * ChatReply#dropped} says what went.
 *
 * <p>The room for a reply is the turn's {@code maxNewTokens}; where none is set, {@value
 * #REPLY_TOKENS} tokens or a quarter of the context if that is less. A reply also ends where the
 * model begins to write a role marker of its form, such as {@code <|user|>}.
 *
 * <p>Thread-safe: turns that are asked for at once follow each other. It holds no native memory and
 * needs no close; it ends with its model.
 */
public final class ChatSession {
  private static final int REPLY_TOKENS = 256;

  private final ChatModel model;
  private final Semaphore turn = new Semaphore(1);
  private volatile History history;
  private volatile @Nullable ChatReply lastReply;

  private ChatSession(ChatModel model, History history) {
    this.model = model;
    this.history = history;
  }

  /**
   * Begins a conversation.
   *
   * @param system instructions for the whole of it, null for none
   * @throws PolyLmException where the system text is empty
   */
  public static ChatSession begin(ChatModel model, @Nullable String system) {
    if (system != null && system.isEmpty()) {
      throw new PolyLmException("the system text is empty, expected text or none");
    }
    return new ChatSession(model, new History(system, List.of()));
  }

  /**
   * Goes on with a conversation that was saved.
   *
   * @throws PolyLmException where the file can't be read, is damaged, of another version, or was
   *     saved with a model of another tokenizer or prompt form
   */
  public static ChatSession load(ChatModel model, Path file) {
    return new ChatSession(model, ChatFile.read(file, model));
  }

  /** As {@link #reply(String, GenerationConfig)}, with the model's settings. */
  public ChatReply reply(String text) {
    return reply(text, GenerationConfig.builder().build());
  }

  /**
   * Says something and waits for the reply. When the waiting thread is interrupted the reply ends
   * with what there is, and the interrupt flag stays set. A reply that has no token yet leaves the
   * conversation as it was, and so does an exception.
   *
   * @param config settings of this turn
   * @throws PolyLmException where the text is empty or too long by itself, a setting does not go
   *     with a conversation, or the model is closed
   */
  public ChatReply reply(String text, GenerationConfig config) {
    GenerationConfig settings = settings(config);
    turn.acquireUninterruptibly();
    try {
      Planned planned = plan(text, settings);
      planned.start(planned.request).result();
      return planned.reply();
    } finally {
      turn.release();
    }
  }

  /** As {@link #stream(String, GenerationConfig)}, with the model's settings. */
  public Stream<String> stream(String text) {
    return stream(text, GenerationConfig.builder().build());
  }

  /**
   * Says something and gives the reply's text while it is made. Closing the stream, or an interrupt
   * of the thread that waits for a piece, ends the reply; what it has become is part of the
   * conversation, and {@link #lastReply} when the stream has ended.
   *
   * @throws PolyLmException as {@link #reply(String, GenerationConfig)} does, from the stream where
   *     it comes up later; for settings with beams
   */
  public Stream<String> stream(String text, GenerationConfig config) {
    GenerationConfig settings = settings(config);
    turn.acquireUninterruptibly();
    try {
      Planned planned = plan(text, settings);
      return Generator.stream(
          planned.request,
          request -> {
            GenerationHandle handle = planned.start(request);
            handle.completion().whenComplete((result, failure) -> turn.release());
            return handle;
          });
    } catch (RuntimeException e) {
      turn.release();
      throw e;
    }
  }

  /** The last reply that became part of the conversation, of this session's own. */
  public Optional<ChatReply> lastReply() {
    return Optional.ofNullable(lastReply);
  }

  /** What was said so far, but for what was dropped. */
  public List<ChatMessage> messages() {
    return history.messages();
  }

  /** The ids of all turns, as the model has read and written them. */
  public int[] ids() {
    return history.ids();
  }

  /** Another conversation with the same history, which then go their own ways. */
  public ChatSession fork() {
    return new ChatSession(model, history);
  }

  /**
   * Writes the conversation to a file, which is replaced in one go where there is one. Its first
   * turn after it was loaded reads all of it again.
   *
   * @throws PolyLmException where it can't be written
   */
  public void save(Path file) {
    ChatFile.write(file, model, history, false);
  }

  /**
   * As {@link #save}, with the keys and values that the engine has kept of it, so that nothing is
   * read again where the same model loads it: for 1.7B some 400 KB a token.
   *
   * @throws PolyLmException where it can't be written, or the model is closed
   */
  public void saveWithCache(Path file) {
    ChatFile.write(file, model, history, true);
  }

  private GenerationConfig settings(GenerationConfig config) {
    if (config.maxLength().isPresent()) {
      throw new PolyLmException(
          "max_length is %d: a conversation grows, set max_new_tokens for the reply"
              .formatted(config.maxLength().getAsInt()));
    }
    GenerationConfig all = config.over(model.defaults());
    if (all.numReturnSequences() != 1) {
      throw new PolyLmException(
          "num_return_sequences is %d, must be 1 in a conversation"
              .formatted(all.numReturnSequences()));
    }
    int room =
        all.maxNewTokens().orElse(Math.min(REPLY_TOKENS, Math.max(1, model.contextLength() / 4)));
    return config.toBuilder().maxNewTokens(room).build();
  }

  /** Drops the oldest turns as needed. */
  private Planned plan(String text, GenerationConfig settings) {
    int room = settings.maxNewTokens().orElseThrow();
    model.tokenizer().checkFits(text, model.contextLength());
    List<ChatMessage> dropped = new ArrayList<>();
    History kept = history;
    int[] requestIds = kept.requestIds(text, model.form(), model.tokenizer());
    while (!kept.turns().isEmpty()
        && kept.length() + requestIds.length + room > model.contextLength()) {
      dropped.addAll(kept.oldest());
      kept = kept.withoutOldest(model.form(), model.tokenizer());
      requestIds = kept.requestIds(text, model.form(), model.tokenizer());
    }
    return new Planned(text, kept, requestIds, dropped, settings);
  }

  /** A turn that is about to be taken. */
  private final class Planned {
    private final String text;
    private final History kept;
    private final int[] requestIds;
    private final List<ChatMessage> dropped;
    private final GenerationRequest request;
    private volatile @Nullable ChatReply reply;

    Planned(
        String text,
        History kept,
        int[] requestIds,
        List<ChatMessage> dropped,
        GenerationConfig settings) {
      this.text = text;
      this.kept = kept;
      this.requestIds = requestIds;
      this.dropped = dropped;
      int[] ids = Arrays.copyOf(kept.ids(), kept.length() + requestIds.length);
      System.arraycopy(requestIds, 0, ids, kept.length(), requestIds.length);
      this.request = GenerationRequest.ofIds(ids).withConfig(withMarkers(settings));
    }

    private GenerationConfig withMarkers(GenerationConfig settings) {
      List<String> stops = new ArrayList<>(settings.over(model.defaults()).stopStrings());
      stops.addAll(model.form().nextTurn(text).markers());
      return stops.isEmpty() ? settings : settings.toBuilder().stopStrings(stops).build();
    }

    GenerationHandle start(GenerationRequest asked) {
      return model.starter().start(asked, this::record);
    }

    private GenerationResult record(GenerationResult result) {
      GeneratedSequence sequence = result.sequences().get(0);
      ChatReply made = new ChatReply(result, dropped);
      reply = made;
      if (sequence.ids().length > 0) {
        history = kept.with(new Turn(text, requestIds, sequence.text(), replyIds(sequence)));
        lastReply = made;
      }
      return result;
    }

    /** The ids as they were written, without those that only ended them. */
    private int[] replyIds(GeneratedSequence sequence) {
      int[] ids = sequence.ids();
      if (sequence.finishReason() == FinishReason.STOP_TOKEN) {
        return Arrays.copyOf(ids, ids.length - 1);
      }
      if (sequence.finishReason() == FinishReason.STOP_STRING) {
        Prompt said = new Prompt(List.of(new TextPart(sequence.text(), false)), List.of());
        return PromptEncoder.encodeContinuation(said, model.tokenizer());
      }
      return ids;
    }

    ChatReply reply() {
      ChatReply made = reply;
      if (made == null) {
        throw new IllegalStateException("a generation that ended well has a result");
      }
      return made;
    }
  }
}
