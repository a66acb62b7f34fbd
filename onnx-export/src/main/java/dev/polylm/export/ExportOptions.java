package dev.polylm.export;

import dev.polylm.PolyLmException;
import dev.polylm.model.AdapterFacts;
import dev.polylm.model.GraphKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of an export: what to export, where to, and how. Immutable.
 *
 * <pre>{@code
 * ExportOptions options =
 *     ExportOptions.builder(Path.of("polylm-1.7b"), Path.of("polylm-1.7b-onnx"))
 *         .weights(WeightType.INT8)
 *         .force(true)
 *         .build();
 * }</pre>
 */
public final class ExportOptions {
  private static final List<String> PROMPT_FORMS = List.of("base", "multialpaca", "chat");
  private static final List<Integer> BLOCK_SIZES = List.of(16, 32, 64, 128);

  private final Path checkpoint;
  private final Path output;
  private final @Nullable Path adapter;
  private final WeightType weights;
  private final ActivationType activations;
  private final int blockSize;
  private final CalibrationMode calibration;
  private final CacheType kvCache;
  private final int threads;
  private final boolean tokenizer;
  private final String name;
  private final String promptForm;
  private final boolean promptFormGiven;
  private final boolean force;
  private final boolean allowNonFinite;
  private final QkvLayout qkvLayout;
  private final boolean verify;
  private final GraphKind graph;
  private final @Nullable AdapterFacts runTimeAdapters;

  private ExportOptions(Builder builder) {
    checkpoint = builder.checkpoint;
    output = builder.output;
    adapter = builder.adapter;
    weights = builder.weights;
    activations =
        Objects.requireNonNullElse(
            builder.activations,
            weights == WeightType.FP16 ? ActivationType.FP16 : ActivationType.FP32);
    blockSize = builder.blockSize;
    calibration = builder.calibration;
    kvCache = builder.kvCache;
    threads = builder.threads;
    tokenizer = builder.tokenizer;
    name = Objects.requireNonNullElseGet(builder.name, () -> folderName(checkpoint));
    promptForm = Objects.requireNonNullElseGet(builder.promptForm, () -> promptFormOf(checkpoint));
    promptFormGiven = builder.promptForm != null;
    force = builder.force;
    allowNonFinite = builder.allowNonFinite;
    qkvLayout = builder.qkvLayout;
    verify = builder.verify;
    graph = builder.graph;
    runTimeAdapters = builder.runTimeAdapters;
  }

  /**
   * Returns a builder that holds the defaults.
   *
   * @param checkpoint the Hugging Face checkpoint's folder
   * @param output the folder to create; its parent is created if it is missing
   */
  public static Builder builder(Path checkpoint, Path output) {
    return new Builder(checkpoint, output);
  }

  Path checkpoint() {
    return checkpoint;
  }

  Path output() {
    return output;
  }

  /** Returns the folder of a LoRA adapter, or null without one. */
  @Nullable Path adapter() {
    return adapter;
  }

  WeightType weights() {
    return weights;
  }

  ActivationType activations() {
    return activations;
  }

  int blockSize() {
    return blockSize;
  }

  CalibrationMode calibration() {
    return calibration;
  }

  CacheType kvCache() {
    return kvCache;
  }

  int threads() {
    return threads;
  }

  boolean tokenizer() {
    return tokenizer;
  }

  String name() {
    return name;
  }

  String promptForm() {
    return promptForm;
  }

  /** Returns false if the form was taken from the folder's name. */
  boolean isPromptFormGiven() {
    return promptFormGiven;
  }

  boolean force() {
    return force;
  }

  boolean allowNonFinite() {
    return allowNonFinite;
  }

  QkvLayout qkvLayout() {
    return qkvLayout;
  }

  boolean verify() {
    return verify;
  }

  GraphKind graph() {
    return graph;
  }

  /** Returns what the graph allows of adapters at run time, or null if it takes none. */
  @Nullable AdapterFacts runTimeAdapters() {
    return runTimeAdapters;
  }

  /**
   * Returns the name of a checkpoint's folder. In Hugging Face's cache that is {@code
   * models--OWNER--NAME/snapshots/COMMIT}, whose name is NAME.
   */
  private static String folderName(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    int names = path.getNameCount();
    if (names == 0) {
      return "model";
    }
    String repository = names < 3 ? "" : path.getName(names - 3).toString();
    boolean cached =
        repository.startsWith("models--") && path.getName(names - 2).endsWith("snapshots");
    return cached
        ? repository.substring(repository.lastIndexOf("--") + 2)
        : path.getName(names - 1).toString();
  }

  private static String promptFormOf(Path checkpoint) {
    String name = folderName(checkpoint).toLowerCase(Locale.ROOT);
    if (name.contains("multialpaca")) {
      return "multialpaca";
    }
    return name.contains("chat") ? "chat" : "base";
  }

  /** Collects the options. Not thread-safe. */
  public static final class Builder {
    private final Path checkpoint;
    private final Path output;
    private @Nullable Path adapter;
    private WeightType weights = WeightType.INT4;
    private @Nullable ActivationType activations;
    private int blockSize = 128;
    private CalibrationMode calibration = CalibrationMode.AUTO;
    private CacheType kvCache = CacheType.FP32;
    private int threads = Runtime.getRuntime().availableProcessors();
    private boolean tokenizer = true;
    private @Nullable String name;
    private @Nullable String promptForm;
    private boolean force;
    private boolean allowNonFinite;
    private QkvLayout qkvLayout = QkvLayout.AUTO;
    private boolean verify = true;
    private GraphKind graph = GraphKind.FUSED;
    private @Nullable AdapterFacts runTimeAdapters;

    private Builder(Path checkpoint, Path output) {
      this.checkpoint = checkpoint;
      this.output = output;
    }

    /** Sets the folder of a PEFT LoRA adapter to merge into the weights. Default: none. */
    public Builder adapter(Path adapter) {
      this.adapter = adapter;
      return this;
    }

    /** Sets how the large weights are stored. Default: {@link WeightType#INT4}. */
    public Builder weights(WeightType weights) {
      this.weights = weights;
      return this;
    }

    /**
     * Sets the floats that the graph computes with. Default: {@link ActivationType#FP16} with
     * {@link WeightType#FP16}, else {@link ActivationType#FP32}.
     */
    public Builder activations(ActivationType activations) {
      this.activations = activations;
      return this;
    }

    /**
     * Sets how many weights of {@link WeightType#INT4} or {@link WeightType#INT8} share a scale.
     * Default: 128, which is the fastest. Smaller blocks lose less. If a row's width is not a
     * multiple of this size, its blocks get the largest size that divides it.
     *
     * @throws PolyLmException if it is not 16, 32, 64 or 128
     */
    public Builder blockSize(int blockSize) {
      if (!BLOCK_SIZES.contains(blockSize)) {
        throw new PolyLmException(
            "blockSize is %s, expected one of %s".formatted(blockSize, BLOCK_SIZES));
      }
      this.blockSize = blockSize;
      return this;
    }

    /** Sets whether int4 weights are calibrated. Default: {@link CalibrationMode#AUTO}. */
    public Builder calibration(CalibrationMode calibration) {
      this.calibration = calibration;
      return this;
    }

    /** Sets how keys and values are kept. Default: {@link CacheType#FP32}. */
    public Builder kvCache(CacheType kvCache) {
      this.kvCache = kvCache;
      return this;
    }

    /**
     * Sets how many threads convert weights. Default: one for each core of the machine.
     *
     * @throws PolyLmException if it is below 1
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new PolyLmException("threads is %s, expected at least 1".formatted(threads));
      }
      this.threads = threads;
      return this;
    }

    /**
     * Sets whether to export the tokenizer. Default: true, which needs tokenizer.model or
     * tokenizer.json. With false the model takes only ids.
     */
    public Builder tokenizer(boolean tokenizer) {
      this.tokenizer = tokenizer;
      return this;
    }

    /** Sets the model's name. Default: the name of the checkpoint's folder. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * Sets the form of the prompts that the model was trained on: {@code base}, {@code multialpaca}
     * or {@code chat}. By default the exporter takes the form that the checkpoint's chat template
     * writes. Without a known template it takes {@code multialpaca} or {@code chat} if the folder's
     * name contains it, or else {@code base}.
     *
     * @throws PolyLmException if it is not one of these
     */
    public Builder promptForm(String promptForm) {
      if (!PROMPT_FORMS.contains(promptForm)) {
        throw new PolyLmException(
            "promptForm is %s, expected one of %s".formatted(promptForm, PROMPT_FORMS));
      }
      this.promptForm = promptForm;
      return this;
    }

    /** Sets whether the export may replace an exported model in the same place. Default: false. */
    public Builder force(boolean force) {
      this.force = force;
      return this;
    }

    /** Sets whether weights may be NaN or infinite. Default: false, which refuses such weights. */
    public Builder allowNonFinite(boolean allowNonFinite) {
      this.allowNonFinite = allowNonFinite;
      return this;
    }

    /** Sets the order of c_attn's outputs. Default: {@link QkvLayout#AUTO}. */
    public Builder qkvLayout(QkvLayout qkvLayout) {
      this.qkvLayout = qkvLayout;
      return this;
    }

    /**
     * Sets whether the exported graph must give the checkpoint's logits before it takes its name.
     * Default: true.
     */
    public Builder verify(boolean verify) {
      this.verify = verify;
      return this;
    }

    /** Sets the operators of the graph. Default: {@link GraphKind#FUSED}. */
    public Builder graph(GraphKind graph) {
      this.graph = graph;
      return this;
    }

    /**
     * Makes a graph that takes low-rank adapters, which requests choose at run time. Default: none.
     * It needs a fused graph and activations of 32 bits.
     *
     * @param limits the highest rank, and how many adapters may share a step
     */
    public Builder runTimeAdapters(AdapterFacts limits) {
      this.runTimeAdapters = limits;
      return this;
    }

    public ExportOptions build() {
      return new ExportOptions(this);
    }
  }
}
