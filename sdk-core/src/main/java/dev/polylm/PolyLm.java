package dev.polylm;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.Generator;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDirectory;
import dev.polylm.prompt.PromptForm;
import dev.polylm.runtime.Decoder;
import dev.polylm.runtime.RuntimeOptions;
import dev.polylm.scoring.Score;
import dev.polylm.scoring.Scorer;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PolyLM, ready to be asked.
 *
 * <p>Thread-safe: many threads may ask at once. It holds native memory until it is closed; close
 * waits for the calls in flight, a call after it is a {@link PolyLmException}.
 */
public final class PolyLm implements AutoCloseable {
  private final Lifecycle lifecycle = new Lifecycle();
  private final ModelDirectory directory;
  private final Decoder decoder;
  private final @Nullable Tokenizer tokenizer;
  private final GenerationConfig modelDefaults;
  private final Generator generator;
  private final Scorer scorer;

  private PolyLm(
      ModelDirectory directory,
      Decoder decoder,
      @Nullable Tokenizer tokenizer,
      GenerationConfig modelDefaults) {
    this.directory = directory;
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.modelDefaults = modelDefaults;
    this.generator = new Generator(decoder, tokenizer, modelDefaults);
    this.scorer = new Scorer(decoder, tokenizer);
  }

  /**
   * Opens a folder that {@code polylm export} wrote.
   *
   * @throws PolyLmException where it is none, or something in it is broken
   */
  public static PolyLm open(Path directory) {
    return open(directory, RuntimeOptions.defaults());
  }

  /** As {@link #open(Path)}, with a say in how the model is run. */
  public static PolyLm open(Path directory, RuntimeOptions options) {
    return open(ModelDirectory.open(directory), options);
  }

  /**
   * Opens the model that the class path holds, such as the one of the artifact polylm-tiny.
   *
   * @throws PolyLmException where it holds none, or more than one
   */
  public static PolyLm openEmbedded() {
    return openEmbedded(RuntimeOptions.defaults());
  }

  /** As {@link #openEmbedded()}, with a say in how the model is run. */
  public static PolyLm openEmbedded(RuntimeOptions options) {
    return open(ModelDirectory.openEmbedded(), options);
  }

  @SuppressWarnings("MustBeClosedChecker") // what is opened here is closed by PolyLm.close
  private static PolyLm open(ModelDirectory directory, RuntimeOptions options) {
    Tokenizer tokenizer = null;
    try {
      Manifest manifest = directory.manifest();
      GenerationConfig defaults =
          GenerationConfig.defaultsFromJson(directory.generationConfigJson());
      PromptForm.of(manifest.promptForm()); // an unknown form is an error when the model is opened
      if (manifest.tokenizer() != null) {
        tokenizer = Tokenizer.open(directory.file(ModelDirectory.TOKENIZER), manifest.tokenizer());
      }
      Decoder decoder =
          Decoder.open(directory.file(ModelDirectory.GRAPH), manifest.model(), options);
      return new PolyLm(directory, decoder, tokenizer, defaults);
    } catch (RuntimeException e) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      directory.close();
      throw e;
    }
  }

  /** What the exporter says of the model. */
  public Manifest manifest() {
    return directory.manifest();
  }

  /** The settings of the model's generation_config.json, which hold where a request sets none. */
  public GenerationConfig generationDefaults() {
    return modelDefaults;
  }

  /**
   * The model's tokenizer. It is closed with the model.
   *
   * @throws PolyLmException where the model takes ids only
   */
  public Tokenizer tokenizer() {
    if (tokenizer == null) {
      throw new PolyLmException("the model takes ids only: it has no tokenizer");
    }
    return tokenizer;
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
   * Answers a request, on the calling thread.
   *
   * @throws PolyLmException where the prompt is empty, too long or of ids out of range, the
   *     settings contradict one another, or the model is closed
   */
  public GenerationResult generate(GenerationRequest request) {
    return lifecycle.call(() -> generator.generate(request));
  }

  /**
   * Answers a request on a thread of its own, where it can be cancelled at any time. What is wrong
   * with the request, or with the model, the handle's result throws. A text listener runs on that
   * thread.
   */
  public GenerationHandle start(GenerationRequest request) {
    return generator.start(request, action -> () -> lifecycle.call(action));
  }

  /**
   * The text of an answer, piece by piece, while it is made on a thread of its own; joined, the
   * pieces are the answer's text. Closing the stream cancels the generation, and so does an
   * interrupt of the thread that waits for a piece.
   */
  public Stream<String> stream(GenerationRequest request) {
    return Generator.stream(request, this::start);
  }

  /**
   * Publishes the text of answers, piece by piece, each subscriber a generation of its own. A piece
   * that is not asked for lets its generation wait; cancelling the subscription cancels it. {@link
   * #close} waits for the generations under way: cancel subscriptions that ask for no more.
   */
  public Flow.Publisher<String> publisher(GenerationRequest request) {
    return Generator.publisher(request, this::start);
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

  /** Waits for the calls in flight, then frees the model; idempotent. */
  @Override
  public void close() {
    lifecycle.close(
        () -> {
          decoder.close();
          if (tokenizer != null) {
            tokenizer.close();
          }
          directory.close();
        });
  }
}
