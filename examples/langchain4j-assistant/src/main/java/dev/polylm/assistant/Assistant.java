package dev.polylm.assistant;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import dev.polylm.PolyLm;
import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import dev.polylm.prompt.Language;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers the turns of one person. Not thread-safe. */
final class Assistant implements AutoCloseable {
  private static final int REMEMBERED_MESSAGES = 10;

  private final PolyLmStreamingChatModel model;
  private final Map<Object, ChatMemory> memories = new ConcurrentHashMap<>();
  private final Translator sentences;
  private final Translator terms;
  private int conversation;
  private @Nullable Language language;

  /**
   * @param polyLm the model that answers; it stays open
   */
  Assistant(PolyLm polyLm) {
    this.model =
        PolyLmStreamingChatModel.builder()
            .polyLm(polyLm)
            .temperature(0.0)
            .maxOutputTokens(64)
            .build();
    this.sentences = service(model).build();
    this.terms = service(model).retrievalAugmentor(new Glossary().augmentor()).build();
  }

  private AiServices<Translator> service(StreamingChatModel chatModel) {
    return AiServices.builder(Translator.class)
        .streamingChatModel(chatModel)
        .chatMemoryProvider(id -> memories.computeIfAbsent(id, this::newMemory));
  }

  private ChatMemory newMemory(Object id) {
    return MessageWindowChatMemory.builder().id(id).maxMessages(REMEMBERED_MESSAGES).build();
  }

  /**
   * Answers a turn. A turn with a text begins a conversation; a turn without one continues it.
   *
   * @param listener receives the answer while it is made
   * @return the answer
   * @throws IllegalArgumentException if the first turn has no text
   */
  String answer(Turn turn, Consumer<String> listener) {
    TokenStream answer = ask(turn);
    CompletableFuture<String> whole = new CompletableFuture<>();
    answer
        .onPartialResponse(listener)
        .onCompleteResponse(response -> whole.complete(response.aiMessage().text()))
        .onError(whole::completeExceptionally)
        .start();
    return whole.join();
  }

  private TokenStream ask(Turn turn) {
    String to = turn.to().englishName();
    if (turn.text() != null && turn.from() != null) {
      language = turn.from();
      conversation++;
      Translator translator = turn.term() ? terms : sentences;
      return translator.translate(conversation, turn.text(), language.englishName(), to);
    }
    if (language == null) {
      throw new IllegalArgumentException(
          "there is no text yet, expected one in the first question");
    }
    return sentences.again(conversation, language.englishName(), to);
  }

  @Override
  public void close() {
    model.close();
  }
}
