package dev.polylm;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.adapter.Adapters;
import dev.polylm.internal.adapter.LoadedAdapter;
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
import dev.polylm.internal.runtime.AdapterTable;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.internal.saved.PrefixFile;
import dev.polylm.internal.scoring.Scorer;
import dev.polylm.internal.search.Constraints;
import dev.polylm.internal.search.EarlierAnswers;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import dev.polylm.model.AdapterFacts;
import dev.polylm.model.Manifest;
import dev.polylm.model.QkvFacts;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An open model and the engine that runs it. All handles share it; the last one frees it. */
final class Model {
  private static final GenerationConfig NOTHING = GenerationConfig.builder().build();
  private static final String DEVICE_LOG = "dev.polylm.device";

  final ModelDirectory directory;
  final @Nullable Tokenizer tokenizer;
  private final @Nullable Constraints constraints;
  final GenerationConfig defaults;
  final Engine engine;
  final Decoder decoder;
  private final @Nullable DraftModel draft;
  private final @Nullable Adapters adapters; // null if the graph takes none
  private final Observers observers;
  private final EarlierAnswers answers = new EarlierAnswers();
  private final boolean reproducible;
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
    this.adapters = adapters(directory.manifest(), decoder, options);
    this.observers =
        new Observers(
            Objects.requireNonNullElse(options.name(), directory.manifest().name()),
            decoder.placement(),
            this::engineState,
            options.meterRegistry());
    this.engine = engine(decoder, draft, options, observers);
    this.reproducible = options.reproducible();
    this.logTexts = options.logTexts();
  }

  private static Engine engine(
      Decoder decoder, @Nullable DraftModel draft, PolyLmOptions options, Observers observers) {
    try {
      return new Engine(decoder, draft == null ? null : draft.decoder(), options, observers);
    } catch (PolyLmException e) {
      observers.close();
      throw e;
    }
  }

  private static @Nullable Adapters adapters(
      Manifest manifest, Decoder decoder, PolyLmOptions options) {
    AdapterTable table = decoder.adapters();
    AdapterFacts limits = manifest.adapters();
    if (table == null || limits == null) {
      return null;
    }
    QkvFacts qkv = manifest.qkv();
    boolean interleaved = qkv != null && qkv.layout().equals("interleaved");
    return new Adapters(
        table.sizes(), limits, manifest.model(), interleaved, options.adapterBytes());
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
    Model model = openFiles(directory, options);
    try {
      KeptPrefixes kept = model.keptPrefixes(new Lifecycle(), false);
      options.prefixFiles().forEach(file -> PrefixFile.read(file, directory.manifest(), kept));
      return model;
    } catch (RuntimeException | Error e) {
      model.release();
      throw e;
    }
  }

  private static Model openFiles(ModelDirectory directory, PolyLmOptions options) {
    try {
      directory.verify(options.verify());
      GenerationConfig ofFile = GenerationConfig.defaultsFromJson(directory.generationConfigJson());
      GenerationConfig defaults = reproducible(defaults(options, ofFile), options);
      // An unknown form is an error when the model is opened.
      PromptForm.of(directory.manifest().promptForm());
      return open(directory, defaults, options);
    } catch (RuntimeException | Error e) {
      directory.close();
      throw e;
    }
  }

  private static GenerationConfig defaults(PolyLmOptions options, GenerationConfig ofFile) {
    GenerationConfig own = options.generationDefaults();
    if (own.equals(NOTHING)) {
      return ofFile;
    }
    try {
      return own.over(ofFile);
    } catch (PolyLmException e) {
      throw new InvalidSettingException(
          "generationDefaults", "can't be used: " + e.getMessage(), e);
    }
  }

  private static GenerationConfig reproducible(GenerationConfig defaults, PolyLmOptions options) {
    return options.reproducible() ? defaults.toBuilder().reproducible(true).build() : defaults;
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
              directory.manifest().adapters(),
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

  /** Loads an adapter. */
  LoadedAdapter load(Path file) {
    if (adapters == null) {
      throw new PolyLmException(
          "the model %s takes no adapters at run time: export it with --run-time-adapters"
              .formatted(directory.manifest().name()));
    }
    return adapters.load(file);
  }

  /** Checks an adapter of a caller. */
  LoadedAdapter checked(Adapter adapter) {
    return LoadedAdapter.of(adapter, adapters);
  }

  /** Returns a generator that submits its tasks to the runner. */
  Generator generator(DecodingRunner runner, Lifecycle lifecycle) {
    return new Generator(
        new Searches(
            decoder.dimensions(),
            tokenizer,
            constraints,
            defaults,
            answers,
            draft != null,
            adapters),
        runner,
        lifecycle,
        logTexts);
  }

  /** Returns a scorer that submits its tasks to the runner. */
  Scorer scorer(DecodingRunner runner) {
    return new Scorer(decoder.dimensions(), runner, tokenizer, reproducible);
  }

  /** Returns an embedder that submits its tasks to the runner. */
  Embedder embedder(DecodingRunner runner) {
    return new Embedder(decoder.dimensions(), runner, tokenizer, reproducible);
  }

  /**
   * Returns the parts that conversations need.
   *
   * @param withAdapter whether they are held with an adapter
   */
  ChatModel chatModel(
      Tokenizer known, Generator generator, Lifecycle lifecycle, boolean withAdapter) {
    KeptPrefixes kept = keptPrefixes(lifecycle, withAdapter);
    return new ChatModel(directory.manifest(), known, defaults, generator, kept);
  }

  private KeptPrefixes keptPrefixes(Lifecycle lifecycle, boolean withAdapter) {
    return new KeptPrefixes(lifecycle, engine, decoder, withAdapter);
  }

  /** Refuses an adapter for a saved prefix. */
  static void checkNone(boolean adapter) {
    if (adapter) {
      throw new PolyLmException(
          "a prefix can't be saved with an adapter, which its file can't name");
    }
  }

  /** Reads ids, and writes their keys and values to a file, which it returns. */
  Path savePrefix(int[] ids, Path file, DecodingRunner runner, Lifecycle lifecycle) {
    int contextLength = decoder.dimensions().contextLength();
    if (ids.length == 0 || ids.length > contextLength) {
      throw new PolyLmException(
          "the prefix has %s ids, expected 1 to %s, the model's context"
              .formatted(ids.length, contextLength));
    }
    decoder.dimensions().checkIds(ids);
    KeptPrefixes.readPrompt(ids, runner);
    PrefixFile.write(file, directory.manifest(), ids, keptPrefixes(lifecycle, false));
    return file;
  }

  /** Returns the tokenizer. */
  Tokenizer requireTokenizer() {
    if (tokenizer == null) {
      throw new PolyLmException("the model takes ids only: it has no tokenizer");
    }
    return tokenizer;
  }

  /** Adds a user, and returns this. */
  synchronized Model retained() {
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
