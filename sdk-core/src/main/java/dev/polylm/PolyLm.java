package dev.polylm;

import dev.polylm.chat.ChatModel;
import dev.polylm.chat.ChatSession;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.internal.embedding.Embedder;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.scoring.Scorer;
import dev.polylm.model.Manifest;
import dev.polylm.prompt.PromptForm;
import dev.polylm.scoring.Score;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A PolyLM, ready to be asked.
 *
 * <p>Thread-safe: many threads may ask at once. It holds native memory until it is closed; close
 * waits for the calls in flight, a call after it is a {@link PolyLmException}.
 */
public final class PolyLm implements AutoCloseable {
  private final Lifecycle lifecycle = new Lifecycle();
  private final Model model;
  private final OwnTasks tasks;
  private final Generator generator;
  private final Scorer scorer;
  private final Embedder embedder;

  private PolyLm(Model model) {
    this.model = model;
    this.tasks = new OwnTasks(model.engine);
    this.generator = model.generator(tasks);
    this.scorer = model.scorer(tasks);
    this.embedder = model.embedder(tasks);
  }

  /**
   * Opens a folder that {@code polylm export} wrote.
   *
   * @throws PolyLmException where it is none, or something in it is broken
   */
  public static PolyLm open(Path directory) {
    return open(directory, PolyLmOptions.defaults());
  }

  /** As {@link #open(Path)}, with options. */
  public static PolyLm open(Path directory, PolyLmOptions options) {
    return new PolyLm(Model.open(ModelDirectory.open(directory), options));
  }

  /**
   * Opens the model that the class path holds, such as the one of the artifact polylm-tiny.
   *
   * @throws PolyLmException where it holds none, or more than one
   */
  public static PolyLm openEmbedded() {
    return openEmbedded(PolyLmOptions.defaults());
  }

  /** As {@link #openEmbedded()}, with options. */
  public static PolyLm openEmbedded(PolyLmOptions options) {
    return new PolyLm(Model.open(ModelDirectory.openEmbedded(), options));
  }

  /**
   * Another handle of the same model, with the same engine and weights. Each is closed by whoever
   * has it; the model is freed with the last.
   *
   * @throws PolyLmException where this one is closed
   */
  public PolyLm share() {
    return lifecycle.call(
        () -> {
          model.retain();
          return new PolyLm(model);
        });
  }

  /** What the exporter says of the model. */
  public Manifest manifest() {
    return model.directory.manifest();
  }

  /** What the model's engine holds, for all who share it, as of its last step. */
  public EngineState engineState() {
    return model.engine.state();
  }

  /** The settings of the model's generation_config.json, which hold where a request sets none. */
  public GenerationConfig generationDefaults() {
    return model.defaults;
  }

  /**
   * The model's tokenizer. It is closed with the model.
   *
   * @throws PolyLmException where the model takes ids only
   */
  public Tokenizer tokenizer() {
    if (model.tokenizer == null) {
      throw new PolyLmException("the model takes ids only: it has no tokenizer");
    }
    return model.tokenizer;
  }

  /** The form of prompts that the model was trained on. */
  public PromptForm promptForm() {
    return PromptForm.of(manifest().promptForm());
  }

  /**
   * The text that most probably follows a prompt, with the settings of the model.
   *
   * @throws PolyLmException where the prompt is empty or too long, or the model is closed
   */
  public String generate(String prompt) {
    return generate(GenerationRequest.ofPrompt(prompt)).text();
  }

  /**
   * Answers a request. Others that are asked at the same time share the model's runs.
   *
   * @throws PolyLmException where the prompt is empty, too long or of ids out of range, the
   *     settings contradict one another, the request can never fit the engine's memory, or the
   *     model is closed
   * @throws QueueFullException where too many requests wait already
   */
  public GenerationResult generate(GenerationRequest request) {
    return lifecycle.call(() -> generator.generate(request));
  }

  /**
   * Answers a request on a thread of its own, where it can be cancelled at any time. What is wrong
   * with the request, or with the model, the handle's result throws. A text listener runs on that
   * thread. {@link #close} waits for what was started before it.
   */
  public GenerationHandle start(GenerationRequest request) {
    return generator.start(request, lifecycle::begin);
  }

  /**
   * The text of an answer, piece by piece, while it is made on a thread of its own; joined, the
   * pieces are the answer's text. Closing the stream cancels the generation, and so does an
   * interrupt of the thread that waits for a piece. What is wrong with the request, or with the
   * model, is thrown where the stream is read.
   *
   * @throws PolyLmException where the request has a text listener
   */
  public Stream<String> stream(GenerationRequest request) {
    return Generator.stream(request, this::start);
  }

  /**
   * Publishes the text of answers, piece by piece, each subscriber a generation of its own. A piece
   * waits until it is asked for; cancelling the subscription cancels the generation. {@link #close}
   * waits for the generations under way: cancel subscriptions that ask for no more. What is wrong
   * with the request, or with the model, is the subscriber's onError.
   *
   * @throws PolyLmException where the request has a text listener
   */
  public Flow.Publisher<String> publisher(GenerationRequest request) {
    return Generator.publisher(request, this::start);
  }

  /**
   * Begins a conversation.
   *
   * @throws PolyLmException where the model takes ids only
   */
  public ChatSession chat() {
    return ChatSession.begin(chatModel(), null);
  }

  /**
   * Begins a conversation with instructions for the whole of it.
   *
   * @throws PolyLmException where the text is empty, or the model takes ids only
   */
  public ChatSession chat(String system) {
    return ChatSession.begin(chatModel(), system);
  }

  /** Goes on with a conversation that was saved; see {@link ChatSession#load}. */
  public ChatSession loadChat(Path file) {
    return ChatSession.load(chatModel(), file);
  }

  private ChatModel chatModel() {
    return new ChatModel(
        manifest(),
        tokenizer(),
        generationDefaults(),
        (request, then) ->
            generator.start(
                request,
                action -> {
                  Supplier<GenerationResult> call = lifecycle.begin(action);
                  return () -> then.apply(call.get());
                }),
        new KeptPrefixes(lifecycle, model.engine, model.decoder));
  }

  /**
   * The log-likelihood of a text that follows another; see {@link Scorer#score(String, String)}.
   */
  public Score score(String context, String continuation) {
    return lifecycle.call(() -> scorer.score(context, continuation));
  }

  /** Log-likelihoods of texts that may follow another; see {@link Scorer#score(String, List)}. */
  public List<Score> score(String context, List<String> continuations) {
    return lifecycle.call(() -> scorer.score(context, continuations));
  }

  /** Log-likelihoods of ids that may follow others; see {@link Scorer#score(int[], List)}. */
  public List<Score> score(int[] contextIds, List<int[]> continuations) {
    return lifecycle.call(() -> scorer.score(contextIds, continuations));
  }

  /** The log-likelihood of ids that follow others; see {@link Scorer#score(int[], int[])}. */
  public Score score(int[] contextIds, int[] continuationIds) {
    return lifecycle.call(() -> scorer.score(contextIds, continuationIds));
  }

  /**
   * The log-likelihood of ids that follow others, with the likeliest ids of each place; see {@link
   * Scorer#score(int[], int[], int)}.
   */
  public Score score(int[] contextIds, int[] continuationIds, int topLogprobs) {
    return lifecycle.call(() -> scorer.score(contextIds, continuationIds, topLogprobs));
  }

  /** The perplexity of a text; see {@link Scorer#perplexity(String)}. */
  public double perplexity(String text) {
    return lifecycle.call(() -> scorer.perplexity(text));
  }

  /** The perplexity of ids; see {@link Scorer#perplexity(int[])}. */
  public double perplexity(int[] ids) {
    return lifecycle.call(() -> scorer.perplexity(ids));
  }

  /** The perplexity of a text of any length; see {@link Scorer#perplexity(int[], int)}. */
  public double perplexity(String text, int stride) {
    return lifecycle.call(() -> scorer.perplexity(text, stride));
  }

  /** The perplexity of ids of any length; see {@link Scorer#perplexity(int[], int)}. */
  public double perplexity(int[] ids, int stride) {
    return lifecycle.call(() -> scorer.perplexity(ids, stride));
  }

  /** The embedding of a text; see {@link #embed(List)}. */
  public float[] embed(String text) {
    return embed(List.of(text)).get(0);
  }

  /**
   * Vectors of length 1 by which texts of like meaning can be found: the mean of the model's last
   * hidden states over a text's ids; see {@link Embedder}.
   *
   * @return for each text its embedding, as many numbers as {@link #embeddingSize} says
   * @throws PolyLmException where a text is empty or longer than the model's context, the model's
   *     graph gives no hidden states, or the model takes ids only or is closed
   * @throws QueueFullException where too many requests wait already
   * @throws java.util.concurrent.CancellationException where the thread is interrupted, or {@link
   *     #closeNow} ends the call
   */
  public List<float[]> embed(List<String> texts) {
    return lifecycle.call(
        () -> {
          model.decoder.checkHiddenStates();
          return embedder.embed(texts);
        });
  }

  /**
   * How many numbers an embedding has: the model's hidden size.
   *
   * @throws PolyLmException where the model's graph gives no hidden states
   */
  public int embeddingSize() {
    model.decoder.checkHiddenStates();
    return manifest().model().hiddenSize();
  }

  /**
   * Refuses calls from now on, waits for those in flight, and frees the model unless others share
   * it; idempotent.
   *
   * @throws PolyLmException where a listener or a processor of a call asks for it
   */
  @Override
  public void close() {
    close(false);
  }

  /**
   * As {@link #close()}, but ends the calls in flight at once: what was generated so far is their
   * answer. Those of others who share the model go on.
   */
  public void closeNow() {
    close(true);
  }

  private void close(boolean cancel) {
    model.engine.checkThread();
    boolean first = lifecycle.refuse();
    if (cancel) {
      tasks.end();
    }
    lifecycle.awaitCalls();
    if (first) {
      model.release();
    }
  }
}
