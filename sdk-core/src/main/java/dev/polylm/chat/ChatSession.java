package dev.polylm.chat;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.prompt.ChatMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A conversation with a model.
 *
 * <pre>{@code
 * try (PolyLm polyLm = PolyLm.open(Path.of("polylm-chat-13b-onnx"))) {
 *   ChatSession chat = polyLm.chat("Answer in one sentence.");
 *   System.out.println(chat.reply("Why is the sky blue?").text());
 *   try (Stream<String> pieces = chat.stream("And at sunset?")) {
 *     pieces.forEach(System.out::print);
 *   }
 * }
 * }</pre>
 *
 * <p>The session keeps ids, not texts. A turn continues exactly the ids that the model read and
 * wrote before, so the engine can reuse their keys and values. If the history, the next request and
 * the room for its reply exceed the model's context, the session drops the oldest turns, a request
 * with its reply at a time, until they fit. It never drops the system text. {@link
 * ChatReply#dropped} lists what it dropped.
 *
 * <p>The room for a reply is the turn's {@code maxNewTokens}. If that is not set, the room is
 * {@link GenerationConfig#DEFAULT_MAX_NEW_TOKENS} or a quarter of the context, whichever is less,
 * and the reply may use what is left of the context too. A reply also ends if the model begins to
 * write a role marker of its form, such as {@code <|user|>}.
 *
 * <p>Thread-safe: concurrent turns run one after the other. A session holds no native memory and
 * needs no close. It ends with its model.
 */
public interface ChatSession {

  /** Sends a message with the model's settings; see {@link #reply(String, GenerationConfig)}. */
  ChatReply reply(String text);

  /**
   * Sends a message and waits for the reply. If the waiting thread is interrupted, the reply ends
   * with the text generated so far, and the interrupt flag stays set. A reply without tokens leaves
   * the conversation unchanged, and so does an exception.
   *
   * @param text the message
   * @param config the settings of this turn
   * @return the reply
   * @throws PolyLmException if the text is empty or too long by itself, a setting does not fit a
   *     conversation, or the model is closed
   */
  ChatReply reply(String text, GenerationConfig config);

  /**
   * Sends a message and waits for a reply that has a form; see {@link #reply(String,
   * GenerationConfig)}. The constraint is on the text of this reply alone. Role markers in the
   * reply are plain text, because the constraint says where it ends.
   */
  ChatReply reply(String text, GenerationConfig config, Constraint constraint);

  /** Streams a reply with the model's settings; see {@link #stream(String, GenerationConfig)}. */
  Stream<String> stream(String text);

  /**
   * Sends a message and streams the text of the reply. To end the reply early, close the stream or
   * interrupt the thread that waits for a piece. The text generated so far becomes part of the
   * conversation. When the stream has ended, {@link #lastReply} returns it.
   *
   * @param text the message
   * @param config the settings of this turn
   * @return the pieces of the reply's text
   * @throws PolyLmException as {@link #reply(String, GenerationConfig)}; also if the settings ask
   *     for beams. Reading the stream throws exceptions that occur later
   */
  Stream<String> stream(String text, GenerationConfig config);

  /**
   * Streams a reply that has a form; see {@link #stream(String, GenerationConfig)} and {@link
   * #reply(String, GenerationConfig, Constraint)}.
   */
  Stream<String> stream(String text, GenerationConfig config, Constraint constraint);

  /** Returns the last reply of this session that became part of the conversation. */
  Optional<ChatReply> lastReply();

  /** Returns the messages so far, without the dropped ones. */
  List<ChatMessage> messages();

  /** Returns the ids of all turns, as the model read and wrote them. */
  int[] ids();

  /** Returns another conversation with the same history. The two are independent from then on. */
  ChatSession fork();

  /**
   * Saves the conversation to a file. An existing file is replaced atomically. After {@link
   * dev.polylm.PolyLm#loadChat} the first turn reads the whole conversation again.
   *
   * @param file the file to write
   * @throws PolyLmException if the file can't be written
   */
  void save(Path file);

  /**
   * Saves the conversation with those of its keys and values that the engine still holds. If the
   * same model loads the file, it does not read those tokens again. For 1.7B the file takes about
   * 400 KB per token.
   *
   * @param file the file to write
   * @throws PolyLmException if the file can't be written, or the model is closed
   */
  void saveWithCache(Path file);
}
