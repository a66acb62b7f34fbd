package dev.polylm.export;

import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.files.BackgroundHashes;
import dev.polylm.export.files.HashedFile;
import dev.polylm.export.files.OutputFolder;
import dev.polylm.export.files.OutputPlace;
import dev.polylm.export.graph.FusedGraph;
import dev.polylm.export.graph.Graph;
import dev.polylm.export.graph.PortableGraph;
import dev.polylm.export.graph.WeightFormat;
import dev.polylm.export.judgement.TextSample;
import dev.polylm.export.onnx.OnnxWriter;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.KeyValueScales;
import dev.polylm.export.quantize.QuantizationPlan;
import dev.polylm.export.tokenizer.TokenizerConverter;
import dev.polylm.export.verify.Verifier;
import dev.polylm.export.weights.ModelWeights;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import dev.polylm.model.QkvFacts;
import dev.polylm.model.TextPerplexity;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a Hugging Face checkpoint into a folder that the SDK opens. Several threads may export at
 * the same time, even into the same place. Without {@link ExportOptions#force} the first export to
 * finish takes the place; with it the last one does.
 *
 * <pre>{@code
 * ExportOptions options = ExportOptions.builder(Path.of("polylm-1.7b"), Path.of("out")).build();
 * ExportReport report = Exporter.export(options, ExportListener.NONE);
 * try (PolyLm polyLm = PolyLm.open(report.directory())) {
 *   System.out.println(polyLm.generate("Hello"));
 * }
 * }</pre>
 */
public final class Exporter {
  private static final List<String> TOKENIZER_FILES =
      List.of("tokenizer.json", "tokenizer_config.json");

  /** The source of a tokenizer, if the checkpoint has one. */
  private static final List<String> TOKENIZER_SOURCES =
      List.of(
          "tokenizer.model",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja");

  private final ExportOptions options;
  private final ExportSource source;
  private final ExportListener listener;
  private final List<String> notes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** The texts that judge the model; null until there is a tokenizer. */
  private @Nullable TextSample sample;

  private Exporter(ExportOptions options, ExportSource source, ExportListener listener) {
    this.options = options;
    this.source = source;
    this.listener = listener;
  }

  /**
   * Exports a checkpoint. The output takes its name only when it is complete. An export that fails
   * leaves nothing behind.
   *
   * @param listener follows the progress; this thread calls it
   * @return a report on the export
   * @throws dev.polylm.PolyLmException if the checkpoint, the adapter or the output's place can't
   *     be used
   */
  public static ExportReport export(ExportOptions options, ExportListener listener) {
    long start = System.nanoTime();
    ActivationType.check(options);
    Calibrator.check(options);
    CacheCalibrator.check(options);
    try (ExportSource source = ExportSource.open(options);
        Workers workers = new Workers(options.threads())) {
      Path target = OutputPlace.check(options.checkpoint(), options.output(), options.force());
      return new Exporter(options, source, listener).exportTo(target, workers, start);
    }
  }

  private ExportReport exportTo(Path target, Workers workers, long start) {
    // Refuses whatever it can before the weights are written, which takes long.
    if (options.tokenizer()) {
      TokenizerConverter.requireTokenizer(source.directory());
    }
    ModelConfig config = source.config();
    byte[] generationConfig =
        GenerationConfigFile.of(source.directory(), config.vocabSize(), warnings);
    warnings.addAll(source.warnings());
    PromptFormChoice promptForm = PromptFormChoice.of(options);
    notes.addAll(promptForm.notes());
    ModelWeights weights = ModelWeights.of(config, source.tensors(), rules());
    warnings.addAll(weights.warnings());
    Calibrator calibrator = new Calibrator(options, source, workers, listener);
    CacheCalibrator cache = new CacheCalibrator(options, source, workers);
    try (BackgroundHashes hashes = BackgroundHashes.start(sources());
        WeightFormat format = weightFormat(calibrator, workers)) {
      Graph graph = graph(config, weights, format, cache);
      OnnxWriter writer = new OnnxWriter(Version.get(), metadata());
      OutputPlace.checkSpace(target, writer.bytes(graph));
      Manifest manifest;
      Verifier.Result verified;
      try (OutputFolder folder = OutputFolder.create(target, options.force())) {
        SortedMap<String, FileFacts> files = new TreeMap<>();
        files.put(
            GenerationConfigFile.NAME,
            HashedFile.write(folder.path().resolve(GenerationConfigFile.NAME), generationConfig));
        TokenizerFacts tokenizer = options.tokenizer() ? tokenizer(folder.path(), files) : null;
        QkvFacts qkv = decideQkv(workers);
        if (source.layout() == QkvLayout.INTERLEAVED) {
          weights = ModelWeights.of(config, source.tensors(), rules());
          graph = graph(config, weights, format, cache);
        }
        Path tokenizerJson = folder.path().resolve(TOKENIZER_FILES.get(0));
        calibrator.begin(weights, tokenizerJson, tokenizer);
        cache.begin(tokenizerJson, tokenizer);
        files.putAll(writer.write(graph, folder.path(), listener::bytesWritten));
        verified = options.verify() ? verify(folder.path(), workers) : null;
        TextPerplexity perplexity = verified == null ? null : verified.perplexity();
        judge(perplexity);
        manifest = manifest(promptForm.form(), tokenizer, qkv, perplexity, hashes.facts(), files);
        HashedFile.write(folder.path().resolve(Manifest.FILE_NAME), manifest.toJson());
        folder.publish();
      }
      Verification verification = verified == null ? null : verified.verification();
      return report(target, manifest, start, graph, calibrator, cache, verification);
    }
  }

  private QkvFacts decideQkv(Workers workers) {
    listener.readingTexts();
    QkvDecision decision = QkvDecision.of(options, source, workers, sample);
    source.decide(decision.layout());
    if (options.qkvLayout() == QkvLayout.AUTO) {
      notes.add(decision.sentence());
    }
    return decision.facts();
  }

  private void judge(@Nullable TextPerplexity perplexity) {
    if (perplexity != null) {
      ModelConfig config = source.config();
      notes.add(Perplexities.sentence(perplexity));
      Perplexities.noise(perplexity, config.vocabSize(), config.activation())
          .ifPresent(warnings::add);
    }
  }

  private static List<TensorReport> reports(Graph graph) {
    Comparator<TensorReport> largestErrorFirst =
        Comparator.comparingDouble(TensorReport::relativeError)
            .thenComparingLong(TensorReport::bytes)
            .reversed();
    return graph.summaries().stream()
        .map(s -> new TensorReport(s.name(), s.type(), s.bytes(), s.relativeError()))
        .sorted(largestErrorFirst)
        .toList();
  }

  private Verifier.Result verify(Path folder, Workers workers) {
    return GraphVerification.of(options, source, workers, sample).run(folder, listener::verified);
  }

  private ExportReport report(
      Path target,
      Manifest manifest,
      long start,
      Graph graph,
      Calibrator calibrator,
      CacheCalibrator cache,
      @Nullable Verification verification) {
    long written =
        bytes(manifest.files()) + manifest.toJson().getBytes(StandardCharsets.UTF_8).length;
    return new ExportReport(
        target,
        manifest,
        bytes(manifest.sources()),
        written,
        Duration.ofNanos(System.nanoTime() - start),
        reports(graph),
        calibrator.tokens(),
        cache.tokens(),
        verification,
        notes,
        warnings,
        OutputPlace.leftovers(target));
  }

  private TokenizerFacts tokenizer(Path folder, Map<String, FileFacts> files) {
    TokenizerFacts facts = TokenizerConverter.convert(source.directory(), folder);
    for (String name : TOKENIZER_FILES) {
      files.put(name, HashedFile.force(folder.resolve(name)));
    }
    checkTokenizer(folder.resolve(TOKENIZER_FILES.get(0)), facts);
    return facts;
  }

  /** Opens the tokenizer as the SDK does, and compares its size with the model's. */
  private void checkTokenizer(Path tokenizerJson, TokenizerFacts facts) {
    int vocabSize = source.config().vocabSize();
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerJson, facts)) {
      if (tokenizer.vocabSize() > vocabSize) {
        warnings.add(
            "%s has %s ids, but vocab_size of config.json is %s: the model refuses texts that need a higher id"
                .formatted(tokenizerFile(), tokenizer.vocabSize(), vocabSize));
      } else if (tokenizer.vocabSize() < vocabSize) {
        warnings.add(
            "vocab_size of config.json is %s, but %s has %s ids: those from there on have no text"
                .formatted(vocabSize, tokenizerFile(), tokenizer.vocabSize()));
      }
      sample = TextSample.of(tokenizer, source.config());
    }
  }

  private String tokenizerFile() {
    return TOKENIZER_SOURCES.stream()
        .filter(name -> Files.exists(source.directory().resolve(name)))
        .findFirst()
        .orElseThrow();
  }

  private ModelWeights.Rules rules() {
    return new ModelWeights.Rules(
        options.allowNonFinite(), source.layout() == QkvLayout.INTERLEAVED);
  }

  private Graph graph(
      ModelConfig config, ModelWeights weights, WeightFormat format, KeyValueScales scales) {
    return switch (options.graph()) {
      case FUSED ->
          FusedGraph.of(
              config,
              weights,
              format,
              options.kvCache() == CacheType.INT8 ? scales : null,
              options.runTimeAdapters());
      case PORTABLE -> PortableGraph.of(config, weights, format);
    };
  }

  private WeightFormat weightFormat(Hessian.Source hessians, Workers workers) {
    int blockSize = options.blockSize();
    int smallestBlock = options.activations().smallestBlock();
    return switch (options.weights()) {
      case FP32 -> WeightFormat.float32();
      case FP16 -> WeightFormat.float16();
      case INT8 -> blocks(QuantizationPlan.int8(blockSize), hessians, workers);
      case INT4 -> blocks(QuantizationPlan.int4(blockSize, smallestBlock), hessians, workers);
    };
  }

  private WeightFormat blocks(QuantizationPlan plan, Hessian.Source hessians, Workers workers) {
    return switch (options.graph()) {
      case FUSED ->
          options.activations() == ActivationType.FP16
              ? WeightFormat.quantizedInFloat16(plan, hessians, workers)
              : WeightFormat.quantized(plan, hessians, workers);
      case PORTABLE -> WeightFormat.standard(plan, hessians, workers);
    };
  }

  private Map<String, String> metadata() {
    return Map.of(
        "polylm.name",
        options.name(),
        "polylm.graph",
        options.graph().label(),
        "polylm.weights",
        options.weights().label(),
        "polylm.kv_cache",
        kvCache());
  }

  private String kvCache() {
    return options.kvCache() == CacheType.INT8 ? "int8" : options.activations().label();
  }

  private SortedMap<String, Path> sources() {
    SortedMap<String, Path> paths = source.files();
    List<String> texts = options.tokenizer() ? TOKENIZER_SOURCES : List.of();
    Stream.concat(Stream.of(GenerationConfigFile.NAME), texts.stream())
        .filter(name -> Files.exists(source.directory().resolve(name)))
        .forEach(name -> paths.put(name, source.directory().resolve(name)));
    return paths;
  }

  private Manifest manifest(
      String promptForm,
      @Nullable TokenizerFacts tokenizer,
      QkvFacts qkv,
      @Nullable TextPerplexity perplexity,
      SortedMap<String, FileFacts> sources,
      SortedMap<String, FileFacts> files) {
    ModelConfig config = source.config();
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
        options.weights().label(),
        options.weights().isBlocks() ? options.blockSize() : null,
        kvCache(),
        promptForm,
        model,
        tokenizer,
        qkv,
        perplexity,
        options.runTimeAdapters(),
        sources,
        files);
  }

  private static long bytes(Map<String, FileFacts> files) {
    return files.values().stream().mapToLong(FileFacts::bytes).sum();
  }
}
