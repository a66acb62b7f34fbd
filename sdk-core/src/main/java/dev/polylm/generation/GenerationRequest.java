package dev.polylm.generation;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.logits.LogitsProcessorList;
import dev.polylm.prompt.Prompt;
import dev.polylm.tokenizer.TextPart;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and the settings for its answer. Immutable: each {@code with} method returns a new
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
  private final @Nullable Constraint constraint;

  private GenerationRequest(
      @Nullable Prompt prompt,
      int @Nullable [] inputIds,
      GenerationConfig config,
      @Nullable Consumer<String> textListener,
      Consumer<LogitsProcessorList> processors,
      int priority,
      @Nullable String caller,
      OptionalInt promptLogprobs,
      @Nullable Constraint constraint) {
    this.prompt = prompt;
    this.inputIds = inputIds;
    this.config = config;
    this.textListener = textListener;
    this.processors = processors;
    this.priority = priority;
    this.caller = caller;
    this.promptLogprobs = promptLogprobs;
    this.constraint = constraint;
  }

  /**
   * Asks for the text that follows a text. Special tokens in it, such as {@code </s>}, are plain
   * text.
   */
  public static GenerationRequest ofPrompt(String prompt) {
    return ofParts(prompt, false);
  }

  /**
   * Asks for the text that follows a text. Special tokens in it, such as {@code </s>}, are parsed.
   */
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
        OptionalInt.empty(),
        null);
  }

  /** Asks for the ids that follow ids. Nothing is added before them. */
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
        OptionalInt.empty(),
        null);
  }

  /**
   * Returns a request with these settings. The model's generation_config.json supplies the settings
   * that they leave open.
   */
  public GenerationRequest withConfig(GenerationConfig newConfig) {
    requireNonNull(newConfig, "config must not be null");
    return new GenerationRequest(
        prompt,
        inputIds,
        newConfig,
        textListener,
        processors,
        priority,
        caller,
        promptLogprobs,
        constraint);
  }

  /**
   * Returns a request with a listener that receives the text while the model generates it, in whole
   * characters. The joined pieces are the answer's text. The listener runs on the calling thread.
   * An exception that it throws ends the generation and reaches the caller. Not with beams or
   * several sequences.
   */
  public GenerationRequest withTextListener(Consumer<String> listener) {
    requireNonNull(listener, "listener must not be null");
    return new GenerationRequest(
        prompt,
        inputIds,
        config,
        listener,
        processors,
        priority,
        caller,
        promptLogprobs,
        constraint);
  }

  /**
   * Returns a request with further processors in the chain that the settings build, such as {@code
   * list -> list.before(Step.TEMPERATURE, myProcessor)}. The thread that runs the model for all
   * requests calls them, so they must not block. Processors of earlier calls stay.
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
        promptLogprobs,
        constraint);
  }

  /**
   * Returns a request with a priority; the default is 0. Of the waiting requests, those with the
   * highest priority start first, in the order of their arrival. A running request is not
   * suspended.
   */
  public GenerationRequest withPriority(int newPriority) {
    return new GenerationRequest(
        prompt,
        inputIds,
        config,
        textListener,
        processors,
        newPriority,
        caller,
        promptLogprobs,
        constraint);
  }

  /**
   * Returns a request with the name of its caller, for a model that serves several callers. Of the
   * requests of one priority, those of the caller with the fewest rows start first. A caller that
   * has more than an equal share of the rows gives some up as soon as another waits: its latest
   * requests keep their memory and go on later. One caller gets at most seven eighths of the memory
   * and of the places in the queue; the rest stays free for others. A request without a caller
   * counts as its own caller.
   */
  public GenerationRequest withCaller(String newCaller) {
    requireNonNull(newCaller, "caller must not be null");
    return new GenerationRequest(
        prompt,
        inputIds,
        config,
        textListener,
        processors,
        priority,
        newCaller,
        promptLogprobs,
        constraint);
  }

  /**
   * Returns a request that asks for the log-probabilities of the prompt's ids in {@link
   * GenerationResult#promptScore}. The model then reads the whole prompt, even if the engine has
   * kept a part of it.
   *
   * @param top how many of the likeliest ids to return at each position, at least 0
   * @throws PolyLmException if top is below 0
   */
  public GenerationRequest withPromptLogprobs(int top) {
    if (top < 0) {
      throw new PolyLmException("promptLogprobs is %s, must be at least 0".formatted(top));
    }
    return new GenerationRequest(
        prompt,
        inputIds,
        config,
        textListener,
        processors,
        priority,
        caller,
        OptionalInt.of(top),
        constraint);
  }

  /**
   * Returns a request whose answer must have a form. At each step the model can choose only ids
   * that keep the answer in this form, and the answer can end only where the form is complete. If
   * nothing may follow, the answer ends with {@link FinishReason#CONSTRAINT}.
   *
   * <p>The form is that of the whole answer, from its first character. The limit of ids, a stop
   * string, the time limit and a cancel can still end the answer early; its finish reason says so.
   * If the other settings rule out all ids that the constraint allows, the request fails.
   */
  public GenerationRequest withConstraint(Constraint newConstraint) {
    requireNonNull(newConstraint, "constraint must not be null");
    return new GenerationRequest(
        prompt,
        inputIds,
        config,
        textListener,
        processors,
        priority,
        caller,
        promptLogprobs,
        newConstraint);
  }

  public Consumer<LogitsProcessorList> processors() {
    return processors;
  }

  /** Returns the prompt, or null if the request has {@link #inputIds}. */
  public @Nullable Prompt prompt() {
    return prompt;
  }

  /** Returns a copy of the prompt's ids, or null if the request has a {@link #prompt}. */
  public int @Nullable [] inputIds() {
    return inputIds == null ? null : inputIds.clone();
  }

  /** Returns the settings of this request, without the model's defaults. */
  public GenerationConfig config() {
    return config;
  }

  /** Returns the priority among the waiting requests. */
  public int priority() {
    return priority;
  }

  /** Returns the name of the caller, or null if there is none. */
  public @Nullable String caller() {
    return caller;
  }

  /**
   * Returns how many of the likeliest ids to return at each position of the prompt, or empty if the
   * prompt is not scored.
   */
  public OptionalInt promptLogprobs() {
    return promptLogprobs;
  }

  /** Returns the form that the answer must have, or null if it may be any text. */
  public @Nullable Constraint constraint() {
    return constraint;
  }

  /** Returns the listener that receives the text, or null if there is none. */
  public @Nullable Consumer<String> textListener() {
    return textListener;
  }
}
