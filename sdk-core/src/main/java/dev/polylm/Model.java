package dev.polylm;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.chat.ChatModel;
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
  static Model open(ModelDirectory directory, PolyLmOptions options) {
    try {
      directory.verify(options.verify());
      GenerationConfig defaults =
          GenerationConfig.defaultsFromJson(directory.generationConfigJson());
      // An unknown form is an error when the model is opened.
      PromptForm.of(directory.manifest().promptForm());
      return open(directory, defaults, options);
    } catch (RuntimeException | Error e) {
      directory.close();
      throw e;
    }
  }

  /** Opens the tokenizer and the weights side by side. */
  @SuppressWarnings("MustBeClosedChecker") // release() closes what is opened here
  private static Model open(
      ModelDirectory directory, GenerationConfig defaults, PolyLmOptions options) {
    OpeningTokenizer tokenizer = OpeningTokenizer.start(directory);
    Decoder decoder = null;
    try {
      decoder =
          Decoder.open(
              directory.file(ModelDirectory.GRAPH),
              directory.manifest().model(),
              options.threads());
      return new Model(directory, decoder, tokenizer.await(), defaults, options);
    } catch (RuntimeException | Error e) {
      if (decoder != null) {
        decoder.close();
      }
      tokenizer.abandon(e);
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

  /** Returns the parts that conversations need. */
  ChatModel chatModel(Tokenizer known, Generator generator, Lifecycle lifecycle) {
    KeptPrefixes prefixes = new KeptPrefixes(lifecycle, engine, decoder);
    return new ChatModel(directory.manifest(), known, defaults, generator, prefixes);
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
