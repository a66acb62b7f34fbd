package dev.polylm;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.Generator;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDirectory;
import dev.polylm.runtime.Decoder;
import dev.polylm.runtime.RuntimeOptions;
import dev.polylm.scoring.Score;
import dev.polylm.scoring.Scorer;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;
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
   * The log-likelihood of a text that follows another; see {@link Scorer#score(String, String)}.
   */
  public Score score(String context, String continuation) {
    return lifecycle.call(() -> scorer.score(context, continuation));
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
