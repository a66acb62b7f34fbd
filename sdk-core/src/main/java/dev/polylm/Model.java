package dev.polylm;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.internal.delivery.Lifecycle;
import dev.polylm.internal.embedding.Embedder;
import dev.polylm.internal.engine.Engine;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.observe.Observers;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.internal.scoring.Scorer;
import dev.polylm.internal.search.Constraints;
import dev.polylm.model.Manifest;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** An open model and the engine that runs it. All handles share it; the last one frees it. */
final class Model {
  final ModelDirectory directory;
  final @Nullable Tokenizer tokenizer;
  private final @Nullable Constraints constraints;
  final GenerationConfig defaults;
  final Engine engine;
  final Decoder decoder;
  private final Observers observers;
  private final boolean logTexts;
  private int users = 1; // guarded by this

  private Model(
      ModelDirectory directory,
      Decoder decoder,
      @Nullable Tokenizer tokenizer,
      GenerationConfig defaults,
      PolyLmOptions options) {
    this.directory = directory;
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.constraints = tokenizer == null ? null : new Constraints(tokenizer);
    this.defaults = defaults;
    this.observers =
        new Observers(directory.manifest().name(), this::engineState, options.meterRegistry());
    this.engine = new Engine(decoder, options, observers);
    this.logTexts = options.logTexts();
  }

  /** Opens the model in a folder. Closes the folder if that fails. */
  @SuppressWarnings("MustBeClosedChecker") // release() closes what is opened here
  static Model open(ModelDirectory directory, PolyLmOptions options) {
    Tokenizer tokenizer = null;
    try {
      directory.verify(options.verify());
      Manifest manifest = directory.manifest();
      GenerationConfig defaults =
          GenerationConfig.defaultsFromJson(directory.generationConfigJson());
      PromptForm.of(manifest.promptForm()); // an unknown form is an error when the model is opened
      if (manifest.tokenizer() != null) {
        tokenizer =
            Tokenizer.open(
                directory.file(ModelDirectory.TOKENIZER),
                manifest.tokenizer(),
                manifest.model().vocabSize());
      }
      Decoder decoder =
          Decoder.open(directory.file(ModelDirectory.GRAPH), manifest.model(), options.threads());
      return new Model(directory, decoder, tokenizer, defaults, options);
    } catch (RuntimeException e) {
      if (tokenizer != null) {
        tokenizer.close();
      }
      directory.close();
      throw e;
    }
  }

  private EngineState engineState() {
    return engine.state();
  }

  /** Returns a generator that submits its tasks to the runner. */
  Generator generator(DecodingRunner runner, Lifecycle lifecycle) {
    return new Generator(
        decoder.dimensions(), runner, lifecycle, tokenizer, constraints, defaults, logTexts);
  }

  /** Returns a scorer that submits its tasks to the runner. */
  Scorer scorer(DecodingRunner runner) {
    return new Scorer(decoder.dimensions(), runner, tokenizer);
  }

  /** Returns an embedder that submits its tasks to the runner. */
  Embedder embedder(DecodingRunner runner) {
    return new Embedder(decoder.dimensions(), runner, tokenizer);
  }

  /** Adds a user. */
  synchronized void retain() {
    users++;
  }

  /** Removes a user. Frees the model after the last one. */
  void release() {
    synchronized (this) {
      users--;
      if (users > 0) {
        return;
      }
    }
    engine.close();
    observers.close();
    decoder.close();
    if (tokenizer != null) {
      tokenizer.close();
    }
    directory.close();
  }
}
