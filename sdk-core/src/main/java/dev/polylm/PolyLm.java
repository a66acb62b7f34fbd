package dev.polylm;

import dev.polylm.engine.EngineOptions;
import dev.polylm.engine.QueueFullException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDirectory;
import dev.polylm.runtime.RuntimeOptions;
import dev.polylm.scoring.Score;
import dev.polylm.scoring.Scorer;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;

/**
 * A PolyLM, ready to be asked.
 *
 * <p>Thread-safe: many threads may ask at once. It holds native memory until it is closed; close
 * waits for the calls in flight, a call after it is a {@link PolyLmException}.
 */
public final class PolyLm implements AutoCloseable {
  private final Lifecycle lifecycle = new Lifecycle();
  private final Model model;

  private PolyLm(Model model) {
    this.model = model;
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
    return open(directory, options, EngineOptions.defaults());
  }

  /** As {@link #open(Path)}, with a say in how the model is run and what its engine may use. */
  public static PolyLm open(Path directory, RuntimeOptions options, EngineOptions engineOptions) {
    return new PolyLm(Model.open(ModelDirectory.open(directory), options, engineOptions));
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
    return openEmbedded(options, EngineOptions.defaults());
  }

  /** As {@link #openEmbedded()}, with a say in how the model is run and what its engine may use. */
  public static PolyLm openEmbedded(RuntimeOptions options, EngineOptions engineOptions) {
    return new PolyLm(Model.open(ModelDirectory.openEmbedded(), options, engineOptions));
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
    return lifecycle.call(() -> model.generator.generate(request));
  }

  /**
   * The log-likelihood of a text that follows another; see {@link Scorer#score(String, String)}.
   */
  public Score score(String context, String continuation) {
    return lifecycle.call(() -> model.scorer.score(context, continuation));
  }

  /** The log-likelihood of ids that follow others; see {@link Scorer#score(int[], int[])}. */
  public Score score(int[] contextIds, int[] continuationIds) {
    return lifecycle.call(() -> model.scorer.score(contextIds, continuationIds));
  }

  /** The perplexity of a text; see {@link Scorer#perplexity(String)}. */
  public double perplexity(String text) {
    return lifecycle.call(() -> model.scorer.perplexity(text));
  }

  /** The perplexity of ids; see {@link Scorer#perplexity(int[])}. */
  public double perplexity(int[] ids) {
    return lifecycle.call(() -> model.scorer.perplexity(ids));
  }

  /**
   * Refuses calls from now on, waits for those in flight, and frees the model unless others share
   * it; idempotent.
   *
   * @throws PolyLmException where a listener of a call asks for it
   */
  @Override
  public void close() {
    close(false);
  }

  /**
   * As {@link #close()}, but ends the calls in flight before their next step, which throw {@link
   * PolyLmException}. Where others share the model it is the same as close.
   */
  public void closeNow() {
    close(true);
  }

  private void close(boolean cancel) {
    boolean first = lifecycle.refuse();
    if (cancel && model.hasOneUser()) {
      model.engine.closeNow();
    }
    lifecycle.awaitCalls();
    if (first) {
      model.release();
    }
  }
}
