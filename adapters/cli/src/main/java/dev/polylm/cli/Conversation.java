package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.chat.ChatReply;
import dev.polylm.chat.ChatSession;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A conversation whose turns can be taken back, with its settings. */
final class Conversation {
  private static final String DO_SAMPLE = "do_sample";

  /** Settings that have an effect only if ids are drawn. */
  private static final Set<String> SAMPLING =
      Set.of(
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "top_h",
          "typical_p",
          "epsilon_cutoff",
          "eta_cutoff");

  private final PolyLm polyLm;
  private final GenerationOptions settings;
  private ChatSession session;

  /** The conversation before each turn, the last first. */
  private final Deque<ChatSession> before = new ArrayDeque<>();

  Conversation(PolyLm polyLm, GenerationOptions settings, @Nullable String system) {
    this.polyLm = polyLm;
    this.settings = settings;
    this.session = system == null ? polyLm.chat() : polyLm.chat(system);
  }

  /**
   * Sends a message. If the thread is interrupted, the reply ends.
   *
   * @param listener gets the pieces of the reply
   * @return the reply, or empty if it has no text
   */
  Optional<ChatReply> send(String message, Consumer<String> listener) {
    GenerationConfig config = GenerationConfig.fromJson(settings.json());
    ChatSession unchanged = session.fork();
    ChatReply last = session.lastReply().orElse(null);
    if (config.over(polyLm.generationDefaults()).numBeams() > 1) {
      listener.accept(session.reply(message, config).text());
    } else {
      try (Stream<String> pieces = session.stream(message, config)) {
        pieces.forEach(listener);
      }
    }
    ChatReply reply = session.lastReply().orElse(null);
    if (reply == null || reply.equals(last)) {
      return Optional.empty();
    }
    before.push(unchanged);
    return Optional.of(reply);
  }

  /** Begins anew, with the same instructions. */
  void reset() {
    Optional<String> instructions = system();
    begin(instructions.orElse(null));
  }

  /** Begins anew with other instructions, or without if they are empty. */
  void begin(@Nullable String system) {
    session = system == null || system.isEmpty() ? polyLm.chat() : polyLm.chat(system);
    before.clear();
  }

  /** Returns the instructions. */
  Optional<String> system() {
    return session.messages().stream()
        .filter(message -> message.role() == Role.SYSTEM)
        .map(ChatMessage::text)
        .findFirst();
  }

  /**
   * Takes the last turn back.
   *
   * @return the turn's message
   * @throws PolyLmException if there is none
   */
  String undo() {
    if (before.isEmpty()) {
      throw new PolyLmException("there is no turn to take back");
    }
    List<ChatMessage> messages = session.messages();
    session = before.pop();
    return messages.get(messages.size() - 2).text();
  }

  /** Sets a setting. One that has an effect only if ids are drawn lets them be drawn. */
  void set(String name, String value) {
    settings.set(name, value);
    if (SAMPLING.contains(name) && !settings.isSet(DO_SAMPLE)) {
      settings.set(DO_SAMPLE, "true");
    }
  }

  void unset(String name) {
    settings.unset(name);
  }

  /** Returns the settings as JSON. */
  String settings() {
    return settings.json();
  }

  void save(Path file) {
    try {
      session.save(file);
    } catch (PolyLmException e) {
      throw e.getCause() instanceof IOException cause
          ? Sentences.unwritable(file.toString(), cause)
          : e;
    }
  }

  void load(Path file) {
    try {
      session = polyLm.loadChat(file);
    } catch (PolyLmException e) {
      throw e.getCause() instanceof IOException cause
          ? Sentences.unreadable(file.toString(), cause)
          : e;
    }
    before.clear();
  }
}
