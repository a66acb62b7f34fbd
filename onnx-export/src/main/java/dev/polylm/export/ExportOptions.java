package dev.polylm.export;

import dev.polylm.PolyLmException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to export, where to, and how. Immutable.
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

  private ExportOptions(Builder builder) {
    checkpoint = builder.checkpoint;
    output = builder.output;
    adapter = builder.adapter;
    weights = builder.weights;
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
  }

  /**
   * Begins with the defaults.
   *
   * @param checkpoint the Hugging Face checkpoint's folder
   * @param output the folder to be made; its parent is made where it is missing
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

  /** The folder of a LoRA adapter, or null for none. */
  @Nullable Path adapter() {
    return adapter;
  }

  WeightType weights() {
    return weights;
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

  /** False where the form was taken from the folder's name. */
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

  private static String folderName(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? "model" : name.toString();
  }

  private static String promptFormOf(Path checkpoint) {
    String name = folderName(checkpoint).toLowerCase(Locale.ROOT);
    if (name.contains("multialpaca")) {
      return "multialpaca";
    }
    return name.contains("chat") ? "chat" : "base";
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private final Path checkpoint;
    private final Path output;
    private @Nullable Path adapter;
    private WeightType weights = WeightType.INT4;
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

    private Builder(Path checkpoint, Path output) {
      this.checkpoint = checkpoint;
      this.output = output;
    }

    /** The folder of a PEFT LoRA adapter, which is merged into the weights; none unless set. */
    public Builder adapter(Path adapter) {
      this.adapter = adapter;
      return this;
    }

    /** How the large weights are stored; {@link WeightType#INT4} unless set. */
    public Builder weights(WeightType weights) {
      this.weights = weights;
      return this;
    }

    /**
     * How many weights of {@link WeightType#INT4} or {@link WeightType#INT8} share a scale; 128,
     * the fastest, unless set. Smaller blocks lose less. A row's width that is no multiple gets the
     * largest that divides it.
     *
     * @throws PolyLmException if it is none of 16, 32, 64, 128
     */
    public Builder blockSize(int blockSize) {
      if (!BLOCK_SIZES.contains(blockSize)) {
        throw new PolyLmException(
            "blockSize is %d, expected one of %s".formatted(blockSize, BLOCK_SIZES));
      }
      this.blockSize = blockSize;
      return this;
    }

    /** Whether int4 weights are calibrated; {@link CalibrationMode#AUTO} unless set. */
    public Builder calibration(CalibrationMode calibration) {
      this.calibration = calibration;
      return this;
    }

    /** How keys and values are kept; {@link CacheType#FP32} unless set. */
    public Builder kvCache(CacheType kvCache) {
      this.kvCache = kvCache;
      return this;
    }

    /**
     * How many threads convert weights; the machine's cores unless set.
     *
     * @throws PolyLmException if it is below 1
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new PolyLmException("threads is %d, expected at least 1".formatted(threads));
      }
      this.threads = threads;
      return this;
    }

    /**
     * False for a model that takes ids only; true unless set, and then tokenizer.model or
     * tokenizer.json is needed.
     */
    public Builder tokenizer(boolean tokenizer) {
      this.tokenizer = tokenizer;
      return this;
    }

    /** The model's name; that of the checkpoint's folder unless set. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * The form of the prompts the model was trained on: {@code base}, {@code multialpaca} or {@code
     * chat}. Unless set, the one that the checkpoint's chat template writes, or without a known
     * template the last two where the checkpoint's folder has them in its name.
     *
     * @throws PolyLmException if it is none of these
     */
    public Builder promptForm(String promptForm) {
      if (!PROMPT_FORMS.contains(promptForm)) {
        throw new PolyLmException(
            "promptForm is %s, expected one of %s".formatted(promptForm, PROMPT_FORMS));
      }
      this.promptForm = promptForm;
      return this;
    }

    /** True where an exported model in the output's place may be replaced; false unless set. */
    public Builder force(boolean force) {
      this.force = force;
      return this;
    }

    /** True where weights may be NaN or infinite; false unless set, and then they are refused. */
    public Builder allowNonFinite(boolean allowNonFinite) {
      this.allowNonFinite = allowNonFinite;
      return this;
    }

    /** The order of c_attn's outputs; {@link QkvLayout#AUTO} unless set. */
    public Builder qkvLayout(QkvLayout qkvLayout) {
      this.qkvLayout = qkvLayout;
      return this;
    }

    /**
     * True where the exported graph must give the checkpoint's logits before it takes its name;
     * true unless set.
     */
    public Builder verify(boolean verify) {
      this.verify = verify;
      return this;
    }

    /** The operators of the graph; {@link GraphKind#FUSED} unless set. */
    public Builder graph(GraphKind graph) {
      this.graph = graph;
      return this;
    }

    public ExportOptions build() {
      return new ExportOptions(this);
    }
  }
}
