package dev.polylm.generation;

import static java.util.Objects.requireNonNull;

import dev.polylm.Adapter;
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
  private final Values values;

  private GenerationRequest(Values values) {
    this.values = values;
  }

  /** What a request holds. It changes only before a request has it. */
  private static final class Values implements Cloneable {
    private @Nullable Prompt prompt;
    private int @Nullable [] inputIds;
    private GenerationConfig config = GenerationConfig.builder().build();
    private @Nullable Consumer<String> textListener;
    private Consumer<LogitsProcessorList> processors = list -> {};
    private int priority;
    private @Nullable String caller;
    private OptionalInt promptLogprobs = OptionalInt.empty();
    private @Nullable Constraint constraint;
    private @Nullable Adapter adapter;
    private boolean continuesText;

    @Override
    public Values clone() {
      try {
        return (Values) super.clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
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
    Values values = new Values();
    values.prompt = prompt;
    return new GenerationRequest(values);
  }

  /** Asks for the ids that follow ids. Nothing is added before them. */
  public static GenerationRequest ofIds(int... inputIds) {
    requireNonNull(inputIds, "inputIds must not be null");
    Values values = new Values();
    values.inputIds = inputIds.clone();
    return new GenerationRequest(values);
  }

  /**
   * Returns a request with these settings. The model's generation_config.json supplies the settings
   * that they leave open.
   */
  public GenerationRequest withConfig(GenerationConfig newConfig) {
    requireNonNull(newConfig, "config must not be null");
    return with(changed -> changed.config = newConfig);
  }

  /**
   * Returns a request with a listener that receives the text while the model generates it, in whole
   * characters. The joined pieces are the answer's text. The listener runs on the calling thread.
   * An exception that it throws ends the generation and reaches the caller. Not with beams or
   * several sequences.
   */
  public GenerationRequest withTextListener(Consumer<String> listener) {
    requireNonNull(listener, "listener must not be null");
    return with(changed -> changed.textListener = listener);
  }

  /**
   * Returns a request with further processors in the chain that the settings build, such as {@code
   * list -> list.before(Step.TEMPERATURE, myProcessor)}. The thread that runs the model for all
   * requests calls them, so they must not block. Processors of earlier calls stay.
   */
  public GenerationRequest withProcessors(Consumer<LogitsProcessorList> more) {
    requireNonNull(more, "more must not be null");
    return with(changed -> changed.processors = changed.processors.andThen(more));
  }

  /**
   * Returns a request with a priority; the default is 0. Of the waiting requests, those with the
   * highest priority start first, in the order of their arrival. A running request is not
   * suspended.
   */
  public GenerationRequest withPriority(int newPriority) {
    return with(changed -> changed.priority = newPriority);
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
    return with(changed -> changed.caller = newCaller);
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
    return with(changed -> changed.promptLogprobs = OptionalInt.of(top));
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
    return with(changed -> changed.constraint = newConstraint);
  }

  /**
   * Returns a request that the model answers with an adapter. Requests with different adapters, and
   * with none, share the model's steps. If more adapters are in use than the model has slots, a
   * request waits for one.
   */
  public GenerationRequest withAdapter(Adapter newAdapter) {
    requireNonNull(newAdapter, "adapter must not be null");
    return with(changed -> changed.adapter = newAdapter);
  }

  /**
   * Returns a request whose answer's text continues the text of the prompt: the two, joined, are
   * the text of all ids. So {@code " the capital of China."} follows {@code "Beijing is"}, with its
   * space. Without this, the text is that of the answer's ids alone, in which the tokenizer drops
   * the space before the first word. Hugging Face's text generation pipeline does the same with
   * {@code return_full_text=False}. Not with a constraint, whose form is that of the answer alone.
   */
  public GenerationRequest withContinuedText() {
    return with(changed -> changed.continuesText = true);
  }

  private GenerationRequest with(Consumer<Values> change) {
    Values changed = values.clone();
    change.accept(changed);
    return new GenerationRequest(changed);
  }

  /** Returns what the request adds to the chain of processors. */
  public Consumer<LogitsProcessorList> processors() {
    return values.processors;
  }

  /** Returns the prompt, or null if the request has {@link #inputIds}. */
  public @Nullable Prompt prompt() {
    return values.prompt;
  }

  /** Returns a copy of the prompt's ids, or null if the request has a {@link #prompt}. */
  public int @Nullable [] inputIds() {
    return values.inputIds == null ? null : values.inputIds.clone();
  }

  /** Returns the settings of this request, without the model's defaults. */
  public GenerationConfig config() {
    return values.config;
  }

  /** Returns the priority among the waiting requests. */
  public int priority() {
    return values.priority;
  }

  /** Returns the name of the caller, or null if there is none. */
  public @Nullable String caller() {
    return values.caller;
  }

  /**
   * Returns how many of the likeliest ids to return at each position of the prompt, or empty if the
   * prompt is not scored.
   */
  public OptionalInt promptLogprobs() {
    return values.promptLogprobs;
  }

  /** Returns the form that the answer must have, or null if it may be any text. */
  public @Nullable Constraint constraint() {
    return values.constraint;
  }

  /** Returns whether the answer's text continues the text of the prompt. */
  public boolean continuesText() {
    return values.continuesText;
  }

  /** Returns the adapter that the model answers with, or null if the request names none. */
  public @Nullable Adapter adapter() {
    return values.adapter;
  }

  /** Returns the listener that receives the text, or null if there is none. */
  public @Nullable Consumer<String> textListener() {
    return values.textListener;
  }
}
