package dev.polylm.jakarta.openai;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.model.ServedModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a request wants, checked. Immutable.
 *
 * @param chat a reply to a conversation, else the text that follows a prompt
 * @param prompts at least one
 * @param maxTokens new ids of an answer; 0: the prompts themselves are the answers
 * @param config without the seed
 * @param seed what all draws follow from
 * @param n answers to a prompt
 * @param candidates answers that are made of a prompt, the best n of which are returned
 * @param beams they come of one beam search
 * @param priority of the requests that wait, those with the highest go first
 * @param logprobs alternatives of each id that are wanted, none: no log-probabilities
 * @param echo the prompt is a part of the answer
 * @param stream the answer is wanted in pieces
 * @param includeUsage the last piece counts the tokens
 * @param warning what is done in another way than the request asks for
 */
public record Task(
    boolean chat,
    ServedModel model,
    PolyLm polyLm,
    List<TaskPrompt> prompts,
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

  /** Each answer can be given while it is made. */
  boolean isLive() {
    return !beams && candidates == n;
  }
}
