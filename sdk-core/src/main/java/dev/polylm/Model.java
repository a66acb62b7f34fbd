package dev.polylm;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.chat.ChatModel;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.internal.delivery.Lifecycle;
import dev.polylm.internal.delivery.Searches;
import dev.polylm.internal.device.DeviceSettings;
import dev.polylm.internal.embedding.Embedder;
import dev.polylm.internal.engine.Engine;
import dev.polylm.internal.log.Slf4j;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.observe.Observers;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.internal.scoring.Scorer;
import dev.polylm.internal.search.Constraints;
import dev.polylm.internal.search.EarlierAnswers;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.Tokenizer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An open model and the engine that runs it. All handles share it; the last one frees it. */
final class Model {
  private static final String DEVICE_LOG = "dev.polylm.device";

  final ModelDirectory directory;
  final @Nullable Tokenizer tokenizer;
  private final @Nullable Constraints constraints;
  final GenerationConfig defaults;
  final Engine engine;
  final Decoder decoder;
  private final @Nullable DraftModel draft;
  private final Observers observers;
  private final EarlierAnswers answers = new EarlierAnswers();
  private final boolean logTexts;
  private int users = 1; // guarded by this

  private Model(
      ModelDirectory directory,
      Decoder decoder,
      @Nullable Tokenizer tokenizer,
      @Nullable DraftModel draft,
      GenerationConfig defaults,
      PolyLmOptions options) {
    this.directory = directory;
    this.decoder = decoder;
    this.draft = draft;
    this.tokenizer = tokenizer;
    this.constraints = tokenizer == null ? null : new Constraints(tokenizer);
    this.defaults = defaults;
    this.observers =
        new Observers(
            directory.manifest().name(),
            decoder.placement(),
            this::engineState,
            options.meterRegistry());
    this.engine = new Engine(decoder, draft == null ? null : draft.decoder(), options, observers);
    this.logTexts = options.logTexts();
  }

  /** Opens the model in a folder, and loads ONNX Runtime's libraries meanwhile. */
  static Model open(Supplier<ModelDirectory> opener, PolyLmOptions options) {
    CompletableFuture<?> library = OnnxRuntimeLibrary.loadAhead();
    try {
      return open(opener.get(), options);
    } finally {
      library.join();
    }
  }

  /** Opens the model in a folder. Closes the folder if that fails. */
  private static Model open(ModelDirectory directory, PolyLmOptions options) {
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
    DraftModel draft = null;
    try {
      decoder =
          Decoder.open(
              directory.file(ModelDirectory.GRAPH),
              directory.manifest().model(),
              DeviceSettings.of(options),
              options.threads());
      warn(directory.manifest().name(), decoder.placement());
      Tokenizer opened = tokenizer.await();
      draft = DraftModel.open(options, directory, opened);
      return new Model(directory, decoder, opened, draft, defaults, options);
    } catch (RuntimeException | Error e) {
      if (draft != null) {
        draft.close();
      }
      if (decoder != null) {
        decoder.close();
      }
      tokenizer.abandon(e);
      throw e;
    }
  }

  private static void warn(String name, Placement placement) {
    placement
        .warnings()
        .forEach(warning -> Slf4j.log(DEVICE_LOG, log -> log.warn("{}: {}", name, warning)));
  }

  private EngineState engineState() {
    return engine.state();
  }

  /** Returns a generator that submits its tasks to the runner. */
  Generator generator(DecodingRunner runner, Lifecycle lifecycle) {
    return new Generator(
        new Searches(
            decoder.dimensions(), tokenizer, constraints, defaults, answers, draft != null),
        runner,
        lifecycle,
        logTexts);
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
  synchronized Model retain() {
    users++;
    return this;
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
    if (draft != null) {
      draft.close();
    }
    if (tokenizer != null) {
      tokenizer.close();
    }
    directory.close();
  }
}
