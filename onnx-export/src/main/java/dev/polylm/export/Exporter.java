package dev.polylm.export;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.files.HashedFile;
import dev.polylm.export.files.OutputFolder;
import dev.polylm.export.files.OutputPlace;
import dev.polylm.export.graph.FusedGraph;
import dev.polylm.export.graph.Graph;
import dev.polylm.export.graph.PortableGraph;
import dev.polylm.export.graph.WeightFormat;
import dev.polylm.export.onnx.OnnxWriter;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.reference.ReferenceModel;
import dev.polylm.export.tokenizer.TokenizerConverter;
import dev.polylm.export.verify.Verification;
import dev.polylm.export.verify.Verifier;
import dev.polylm.export.weights.ModelWeights;
import dev.polylm.export.weights.WeightRules;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a Hugging Face checkpoint into a folder that the SDK opens. Exports may run at the same
 * time in several threads, also into one place: without {@link ExportOptions#force} the first takes
 * it, with it the last.
 */
public final class Exporter {
  private static final String KV_CACHE = "fp32";
  private static final String TOKENIZER_MODEL = "tokenizer.model";
  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "tokenizer_config.json");

  /** What a tokenizer is made of, where the checkpoint has it. */
  private static final List<String> TOKENIZER_SOURCES =
      List.of(
          TOKENIZER_MODEL, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json");

  private final ExportOptions options;
  private final Checkpoint checkpoint;
  private final ExportListener listener;
  private final List<String> warnings = new ArrayList<>();

  private Exporter(ExportOptions options, Checkpoint checkpoint, ExportListener listener) {
    this.options = options;
    this.checkpoint = checkpoint;
    this.listener = listener;
  }

  /**
   * Exports a checkpoint. The output takes its name when it is whole; what fails leaves nothing.
   *
   * @param listener is called by this thread
   * @return what was made
   * @throws PolyLmException where the checkpoint or the output's place can't be used
   */
  public static ExportReport export(ExportOptions options, ExportListener listener) {
    long start = System.nanoTime();
    try (Checkpoint checkpoint = Checkpoint.open(options.checkpoint())) {
      Path target = OutputPlace.check(options.checkpoint(), options.output(), options.force());
      return new Exporter(options, checkpoint, listener).exportTo(target, start);
    }
  }

  private ExportReport exportTo(Path target, long start) {
    // Whatever can be refused is refused before the weights are written, which takes long.
    requireTokenizerModel();
    ModelConfig config = checkpoint.config();
    byte[] generationConfig = GenerationConfigFile.of(checkpoint.directory(), config.vocabSize());
    ModelWeights weights = ModelWeights.of(config, checkpoint.tensors(), rules());
    warnings.addAll(weights.unknown());
    Graph graph = graph(config, weights);
    OnnxWriter writer = new OnnxWriter(Version.get(), metadata());
    OutputPlace.checkSpace(target, writer.bytes(graph));
    try (OutputFolder folder = OutputFolder.create(target, options.force())) {
      SortedMap<String, FileFacts> files = new TreeMap<>();
      files.put(
          GenerationConfigFile.NAME,
          HashedFile.write(folder.path().resolve(GenerationConfigFile.NAME), generationConfig));
      TokenizerFacts tokenizer = options.tokenizer() ? tokenizer(folder.path(), files) : null;
      files.putAll(writer.write(graph, folder.path(), listener::bytesWritten));
      Verification verification = options.verify() ? verify(folder.path()) : null;
      Manifest manifest = manifest(config, tokenizer, sources(), files);
      HashedFile.write(folder.path().resolve(Manifest.FILE_NAME), manifest.toJson());
      folder.publish();
      return report(target, manifest, start, verification);
    }
  }

  private Verification verify(Path folder) {
    int threads = Runtime.getRuntime().availableProcessors();
    try (Workers workers = new Workers(threads)) {
      ReferenceModel plain =
          ReferenceModel.open(checkpoint.config(), checkpoint.tensors(), workers);
      boolean interleaved = options.qkvLayout() == QkvLayout.INTERLEAVED;
      return new Verifier(checkpoint.config(), interleaved ? plain.withInterleavedQkv() : plain)
          .verify(
              folder,
              weightsName(),
              VerificationLimits.of(options.weights()),
              threads,
              listener::layersVerified);
    }
  }

  private ExportReport report(
      Path target, Manifest manifest, long start, @Nullable Verification verification) {
    long written =
        bytes(manifest.files()) + manifest.toJson().getBytes(StandardCharsets.UTF_8).length;
    return new ExportReport(
        target,
        manifest,
        bytes(manifest.sources()),
        written,
        Duration.ofNanos(System.nanoTime() - start),
        verification,
        warnings,
        OutputPlace.leftovers(target));
  }

  private void requireTokenizerModel() {
    Path directory = checkpoint.directory();
    if (options.tokenizer() && !Files.exists(directory.resolve(TOKENIZER_MODEL))) {
      throw new PolyLmException(
          "%s is missing in %s; a model that takes ids only must be asked for"
              .formatted(TOKENIZER_MODEL, directory));
    }
  }

  private TokenizerFacts tokenizer(Path folder, Map<String, FileFacts> files) {
    TokenizerFacts facts = TokenizerConverter.convert(checkpoint.directory(), folder);
    for (String name : TOKENIZER_FILES) {
      files.put(name, HashedFile.force(folder.resolve(name)));
    }
    checkTokenizer(folder.resolve(TOKENIZER_FILES.get(0)), facts);
    return facts;
  }

  /** Opens the tokenizer as the SDK will, and compares its size with the model's. */
  private void checkTokenizer(Path tokenizerJson, TokenizerFacts facts) {
    int vocabSize = checkpoint.config().vocabSize();
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerJson, facts)) {
      if (tokenizer.vocabSize() > vocabSize) {
        warnings.add(
            "%s has %d ids, but vocab_size of config.json is %d: texts that need an id from there on"
                    .formatted(TOKENIZER_MODEL, tokenizer.vocabSize(), vocabSize)
                + " are refused by the model");
      }
    }
  }

  private WeightRules rules() {
    return new WeightRules(options.allowNonFinite(), options.qkvLayout() == QkvLayout.INTERLEAVED);
  }

  private Graph graph(ModelConfig config, ModelWeights weights) {
    return switch (options.graph()) {
      case FUSED -> FusedGraph.of(config, weights, weightFormat());
      case PORTABLE -> PortableGraph.of(config, weights, weightFormat());
    };
  }

  private WeightFormat weightFormat() {
    return switch (options.weights()) {
      case FP32 -> WeightFormat.float32();
    };
  }

  private Map<String, String> metadata() {
    return Map.of(
        "polylm.name",
        options.name(),
        "polylm.graph",
        options.graph().label(),
        "polylm.weights",
        weightsName(),
        "polylm.kv_cache",
        KV_CACHE);
  }

  private String weightsName() {
    return options.weights().name().toLowerCase(Locale.ROOT);
  }

  private SortedMap<String, FileFacts> sources() {
    Path directory = checkpoint.directory();
    Stream<String> texts = options.tokenizer() ? TOKENIZER_SOURCES.stream() : Stream.empty();
    Stream<Path> small =
        Stream.concat(Stream.of(GenerationConfigFile.NAME), texts)
            .map(directory::resolve)
            .filter(Files::exists);
    SortedMap<String, FileFacts> sources = new TreeMap<>();
    Stream.concat(checkpoint.files().stream(), small)
        .forEach(
            path -> sources.put(directory.relativize(path).toString(), HashedFile.factsOf(path)));
    return sources;
  }

  private Manifest manifest(
      ModelConfig config,
      @Nullable TokenizerFacts tokenizer,
      SortedMap<String, FileFacts> sources,
      SortedMap<String, FileFacts> files) {
    ModelDimensions model =
        new ModelDimensions(
            config.vocabSize(),
            config.nPositions(),
            config.nLayer(),
            config.nEmbd(),
            config.nHead(),
            config.headDim());
    return new Manifest(
        Manifest.FORMAT,
        options.name(),
        options.graph().label(),
        weightsName(),
        KV_CACHE,
        options.promptForm(),
        model,
        tokenizer,
        sources,
        files);
  }

  private static long bytes(Map<String, FileFacts> files) {
    return files.values().stream().mapToLong(FileFacts::bytes).sum();
  }
}
