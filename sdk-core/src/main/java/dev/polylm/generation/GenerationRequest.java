package dev.polylm.generation;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import dev.polylm.logits.LogitsProcessorList;
import dev.polylm.prompt.Prompt;
import dev.polylm.tokenizer.TextPart;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and how it is to be answered. Immutable: each method that changes something gives a new
 * request.
 *
 * <pre>{@code
 * GenerationRequest request =
 *     GenerationRequest.ofPrompt("Hello")
 *         .withConfig(GenerationConfig.builder().maxNewTokens(20).build())
 *         .withTextListener(System.out::print);
 * GenerationResult result = polyLm.generate(request);
 * }</pre>
 */
public final class GenerationRequest {
  private final @Nullable Prompt prompt;
  private final int @Nullable [] inputIds;
  private final GenerationConfig config;
  private final @Nullable Consumer<String> textListener;
  private final Consumer<LogitsProcessorList> processors;
  private final int priority;
  private final @Nullable String caller;
  private final OptionalInt promptLogprobs;

  private GenerationRequest(
      @Nullable Prompt prompt,
      int @Nullable [] inputIds,
      GenerationConfig config,
      @Nullable Consumer<String> textListener,
      Consumer<LogitsProcessorList> processors,
      int priority,
      @Nullable String caller,
      OptionalInt promptLogprobs) {
    this.prompt = prompt;
    this.inputIds = inputIds;
    this.config = config;
    this.textListener = textListener;
    this.processors = processors;
    this.priority = priority;
    this.caller = caller;
    this.promptLogprobs = promptLogprobs;
  }

  /**
   * Asks for the text that follows a text. Special tokens in it, such as {@code </s>}, are plain
   * text.
   */
  public static GenerationRequest ofPrompt(String prompt) {
    return ofParts(prompt, false);
  }

  /** Asks for the text that follows a text whose special tokens are meant as such. */
  public static GenerationRequest ofTrustedPrompt(String prompt) {
    return ofParts(prompt, true);
  }

  private static GenerationRequest ofParts(String text, boolean trusted) {
    requireNonNull(text, "prompt must not be null");
    return ofPrompt(new Prompt(List.of(new TextPart(text, trusted)), List.of()));
  }

  /**
   * Asks for the text that follows a prompt in a model's form, such as {@code
   * polyLm.promptForm().chat(messages)}.
   */
  public static GenerationRequest ofPrompt(Prompt prompt) {
    requireNonNull(prompt, "prompt must not be null");
    return new GenerationRequest(
        prompt,
        null,
        GenerationConfig.builder().build(),
        null,
        list -> {},
        0,
        null,
        OptionalInt.empty());
  }

  /** Asks for what follows ids; they are taken as they are, nothing is put before them. */
  public static GenerationRequest ofIds(int... inputIds) {
    requireNonNull(inputIds, "inputIds must not be null");
    return new GenerationRequest(
        null,
        inputIds.clone(),
        GenerationConfig.builder().build(),
        null,
        list -> {},
        0,
        null,
        OptionalInt.empty());
  }

  /** With other settings; what they leave open, the model's generation_config.json says. */
  public GenerationRequest withConfig(GenerationConfig newConfig) {
    requireNonNull(newConfig, "config must not be null");
    return new GenerationRequest(
        prompt, inputIds, newConfig, textListener, processors, priority, caller, promptLogprobs);
  }

  /**
   * With a listener that is given the text while it is made, in whole characters; the pieces joined
   * are the answer's text. It runs on the calling thread; what it throws ends the generation and is
   * thrown to the caller. Not with beams or several sequences.
   */
  public GenerationRequest withTextListener(Consumer<String> listener) {
    requireNonNull(listener, "listener must not be null");
    return new GenerationRequest(
        prompt, inputIds, config, listener, processors, priority, caller, promptLogprobs);
  }

  /**
   * With processors of its own in the chain of those that the settings ask for, such as {@code list
   * -> list.before(Step.TEMPERATURE, myProcessor)}. They are called on the thread that runs the
   * model for all requests, which must not wait there. What an earlier call added stays.
   */
  public GenerationRequest withProcessors(Consumer<LogitsProcessorList> more) {
    requireNonNull(more, "more must not be null");
    return new GenerationRequest(
        prompt,
        inputIds,
        config,
        textListener,
        processors.andThen(more),
        priority,
        caller,
        promptLogprobs);
  }

  /**
   * With a priority, 0 otherwise: of the requests that wait, those with the highest go first, in
   * their order. A request that has begun is not put off.
   */
  public GenerationRequest withPriority(int newPriority) {
    return new GenerationRequest(
        prompt, inputIds, config, textListener, processors, newPriority, caller, promptLogprobs);
  }

  /**
   * With the name of who asks, for a model that serves several. Of the requests of one priority,
   * those of the caller with the fewest rows go first. One caller gets at most seven eighths of the
   * rows and of the places in the queue; the rest stays free for others. A request without a caller
   * counts as a caller of its own.
   */
  public GenerationRequest withCaller(String newCaller) {
    requireNonNull(newCaller, "caller must not be null");
    return new GenerationRequest(
        prompt, inputIds, config, textListener, processors, priority, newCaller, promptLogprobs);
  }

  /**
   * With the log-probabilities of the prompt's ids in {@link GenerationResult#promptScore}. All of
   * the prompt is read for them, also what the engine has kept of it.
   *
   * @param top how many of the likeliest ids of each place are wanted too, at least 0
   * @throws PolyLmException where top is below 0
   */
  public GenerationRequest withPromptLogprobs(int top) {
    if (top < 0) {
      throw new PolyLmException("promptLogprobs is %d, must be at least 0".formatted(top));
    }
    return new GenerationRequest(
        prompt, inputIds, config, textListener, processors, priority, caller, OptionalInt.of(top));
  }

  public Consumer<LogitsProcessorList> processors() {
    return processors;
  }

  /** The prompt, null where {@link #inputIds} are one. */
  public @Nullable Prompt prompt() {
    return prompt;
  }

  /** A copy of the prompt's ids, null where {@link #prompt} is a text. */
  public int @Nullable [] inputIds() {
    return inputIds == null ? null : inputIds.clone();
  }

  /** The settings, without those that the model's defaults add. */
  public GenerationConfig config() {
    return config;
  }

  /** The priority among the requests that wait. */
  public int priority() {
    return priority;
  }

  /** Who asks, null where nobody says. */
  public @Nullable String caller() {
    return caller;
  }

  /** How many alternatives of the prompt's ids are wanted, none where the prompt is not scored. */
  public OptionalInt promptLogprobs() {
    return promptLogprobs;
  }

  /** What hears the text while it is made, null where nothing does. */
  public @Nullable Consumer<String> textListener() {
    return textListener;
  }
}
