package dev.polylm.jakarta.openai;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.chat.ReplyText;
import dev.polylm.jakarta.model.ServedModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A checked request. Immutable.
 *
 * @param form what it asks for
 * @param prompts at least one
 * @param answer the form of its answers
 * @param maxTokens the new ids of an answer; 0: the prompts themselves are the answers
 * @param config the settings without the seed
 * @param seed the seed of all draws
 * @param n how many answers a prompt gets
 * @param candidates how many answers are made for a prompt; the best n are returned
 * @param beams whether they come from one beam search
 * @param priority the waiting request with the highest priority goes first
 * @param logprobs how many alternatives to each id are wanted, none: no log-probabilities
 * @param echo whether the prompt is part of the answer
 * @param stream whether the answer is wanted in pieces
 * @param includeUsage whether the last piece holds the token counts
 * @param warning what is done differently from what the request asks for
 */
public record Task(
    TaskForm form,
    ServedModel model,
    PolyLm polyLm,
    List<SentPrompt> prompts,
    AnswerForm answer,
    int maxTokens,
    GenerationConfig config,
    OptionalLong seed,
    int n,
    int candidates,
    boolean beams,
    int priority,
    OptionalInt logprobs,
    boolean echo,
    boolean stream,
    boolean includeUsage,
    Optional<String> warning) {

  public Task {
    prompts = List.copyOf(prompts);
  }

  /** Returns whether it asks for a reply to a conversation. */
  boolean chat() {
    return form != TaskForm.COMPLETION;
  }

  /** Returns whether each answer can be delivered while it is made. */
  boolean isLive() {
    return !beams && candidates == n;
  }

  /**
   * Returns what removes the line break that a base model writes before a reply. Under a constraint
   * it is part of the prompt.
   */
  ReplyText replyText() {
    return new ReplyText(chat() && answer.constraint() == null ? polyLm.promptForm() : null);
  }

  /**
   * A prompt, as the client sent it and as the model reads it.
   *
   * @param text the text for an echo
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record SentPrompt(String text, int[] ids) {}
}
