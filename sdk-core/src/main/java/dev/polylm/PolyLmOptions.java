package dev.polylm;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.device.DeviceSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options for running a model: device, threads, rows, memory, logs and checks. Immutable.
 *
 * <pre>{@code
 * PolyLmOptions options = PolyLmOptions.builder().threads(4).maxRows(8).build();
 * try (PolyLm polyLm = PolyLm.open(Path.of("polylm-1.7b-onnx"), options)) {
 *   System.out.println(polyLm.generate("Hello"));
 * }
 * }</pre>
 */
public final class PolyLmOptions {
  /** The largest {@link #promptChunk}. */
  public static final int MAX_PROMPT_CHUNK = 512;

  private static final PolyLmOptions DEFAULTS = builder().build();

  private final String device;
  private final long gpuMemoryLimit;
  private final Map<String, String> providerOptions;
  private final int threads;
  private final int maxRows;
  private final int queueCapacity;
  private final long keyValueBytes;
  private final long adapterBytes;
  private final int promptChunk;
  private final boolean prefixReuse;
  private final List<Path> prefixFiles;
  private final boolean reproducible;
  private final boolean logTexts;
  private final Verify verify;
  private final @Nullable Path draft;
  private final GenerationConfig generationDefaults;
  private final @Nullable String name;
  private final @Nullable Object meterRegistry; // a MeterRegistry

  /**
   * Says which files are compared with the hashes in the manifest when a model is opened. The
   * comparison can't detect a change if the manifest was changed too: open only folders that you
   * trust.
   */
  public enum Verify {
    /** No files. */
    NONE,
    /** All files, except weights of more than 256 MB. */
    SMALL,
    /** All files. Hashing takes 0.6 s per gigabyte, and reading the disk comes on top. */
    ALL
  }

  private PolyLmOptions(Builder builder) {
    this.device = builder.device;
    this.gpuMemoryLimit = builder.gpuMemoryLimit;
    check("gpuMemoryLimit", gpuMemoryLimit, 0, Long.MAX_VALUE);
    this.providerOptions = Map.copyOf(builder.providerOptions);
    this.threads = checked("threads", builder.threads, 0, Integer.MAX_VALUE);
    this.maxRows = checked("maxRows", builder.maxRows, 1, Integer.MAX_VALUE);
    this.queueCapacity = checked("queueCapacity", builder.queueCapacity, 1, Integer.MAX_VALUE);
    this.keyValueBytes = builder.keyValueBytes;
    check("keyValueBytes", keyValueBytes, 0, Long.MAX_VALUE);
    this.adapterBytes = builder.adapterBytes;
    check("adapterBytes", adapterBytes, 0, Long.MAX_VALUE);
    this.promptChunk = checked("promptChunk", builder.promptChunk, 1, MAX_PROMPT_CHUNK);
    this.prefixReuse = builder.prefixReuse;
    this.prefixFiles = List.copyOf(builder.prefixFiles);
    this.reproducible = builder.reproducible;
    this.logTexts = builder.logTexts;
    this.verify = builder.verify;
    this.draft = builder.draft;
    this.generationDefaults = builder.generationDefaults;
    this.name = builder.name;
    this.meterRegistry = builder.meterRegistry;
    DeviceSettings.of(this); // refuses what can't be
  }

  private static int checked(String name, int value, int least, int most) {
    check(name, value, least, most);
    return value;
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least) {
      throw new InvalidSettingException(name, "is %s, must be at least %s".formatted(value, least));
    }
    if (value > most) {
      throw new InvalidSettingException(name, "is %s, must be at most %s".formatted(value, most));
    }
  }

  /**
   * Returns the defaults. These are the CPU, a thread for each core, 16 rows, a queue of 1,024
   * requests, three quarters of the free memory for keys and values, and chunks of 128 ids. Prefix
   * reuse is on, answers need not be reproducible, texts are not logged, the hashes of small files
   * are compared, and there is no draft model.
   */
  public static PolyLmOptions defaults() {
    return DEFAULTS;
  }

  /** Returns a builder that holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds these options. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.name = name;
    builder.meterRegistry = meterRegistry;
    return builder
        .device(device)
        .gpuMemoryLimit(gpuMemoryLimit)
        .providerOptions(providerOptions)
        .threads(threads)
        .maxRows(maxRows)
        .queueCapacity(queueCapacity)
        .keyValueBytes(keyValueBytes)
        .adapterBytes(adapterBytes)
        .promptChunk(promptChunk)
        .prefixReuse(prefixReuse)
        .prefixFiles(prefixFiles)
        .reproducible(reproducible)
        .logTexts(logTexts)
        .verify(verify)
        .draft(draft)
        .generationDefaults(generationDefaults);
  }

  /** Returns where the model runs. */
  public String device() {
    return device;
  }

  /** Returns how many bytes of a GPU's memory the weights and runs may take; 0 means no limit. */
  public long gpuMemoryLimit() {
    return gpuMemoryLimit;
  }

  /** Returns the options of the device's execution provider. */
  public Map<String, String> providerOptions() {
    return providerOptions;
  }

  /**
   * Returns how many threads a run of the model uses; 0 means one for each physical core that this
   * process may use.
   */
  public int threads() {
    return threads;
  }

  /** Returns the largest number of sequences in a decoding step. */
  public int maxRows() {
    return maxRows;
  }

  /** Returns how many requests may wait. */
  public int queueCapacity() {
    return queueCapacity;
  }

  /** Returns how many bytes keys and values may take; 0 means three quarters of the free memory. */
  public long keyValueBytes() {
    return keyValueBytes;
  }

  /** Returns how many bytes of the Java heap loaded adapters may take together. */
  public long adapterBytes() {
    return adapterBytes;
  }

  /** Returns the largest number of prompt ids that are read between two decoding steps. */
  public int promptChunk() {
    return promptChunk;
  }

  /** Returns whether keys and values are kept for later prompts that begin with the same ids. */
  public boolean prefixReuse() {
    return prefixReuse;
  }

  /** Returns the files of prefixes that are read when the model is opened. */
  public List<Path> prefixFiles() {
    return prefixFiles;
  }

  /** Returns whether the model always gives the same bits, whatever else runs. */
  public boolean reproducible() {
    return reproducible;
  }

  /** Returns whether prompts and answers are logged. */
  public boolean logTexts() {
    return logTexts;
  }

  /** Returns which files are compared with the manifest's hashes when the model is opened. */
  public Verify verify() {
    return verify;
  }

  /** Returns the folder of the draft model, or null for none. */
  public @Nullable Path draft() {
    return draft;
  }

  /** Returns the settings that apply if a request sets none, before those of the model's file. */
  public GenerationConfig generationDefaults() {
    return generationDefaults;
  }

  /** Returns what meters, logs and events call the model, or null for its manifest's name. */
  public @Nullable String name() {
    return name;
  }

  /**
   * Returns the Micrometer registry of the meters, or null for Micrometer's global registry. Its
   * type is Object, so that frameworks can look into this class where Micrometer is not present.
   */
  public @Nullable Object meterRegistry() {
    return meterRegistry;
  }

  /** Builds {@link PolyLmOptions}. Not thread-safe. */
  public static final class Builder {
    private String device = "cpu";
    private long gpuMemoryLimit;
    private Map<String, String> providerOptions = Map.of();
    private int threads;
    private int maxRows = 16;
    private int queueCapacity = 1024;
    private long keyValueBytes;
    private long adapterBytes = Runtime.getRuntime().maxMemory() / 4;
    private int promptChunk = 128;
    private boolean prefixReuse = true;
    private List<Path> prefixFiles = List.of();
    private boolean reproducible;
    private boolean logTexts;
    private Verify verify = Verify.SMALL;
    private @Nullable Path draft;
    private GenerationConfig generationDefaults = GenerationConfig.builder().build();
    private @Nullable String name;
    private @Nullable Object meterRegistry;

    private Builder() {}

    /**
     * Sets where the model runs.
     *
     * <ul>
     *   <li>{@code cpu}, the default.
     *   <li>{@code cuda} or {@code cuda:N}: the first GPU, or the one with this index. Opening the
     *       model fails if CUDA can't be used. It needs the artifact polylm-cuda.
     *   <li>{@code auto}: the first GPU if CUDA can be used, else the CPU. {@link PolyLm#placement}
     *       says which, and a warning is logged if it is the CPU.
     *   <li>For experts: another execution provider of ONNX Runtime's Java classes, such as {@code
     *       tensorrt}, in a build of ONNX Runtime that has it. What it can't run runs on the CPU.
     * </ul>
     */
    public Builder device(String newDevice) {
      device = Objects.requireNonNull(newDevice, "newDevice must not be null");
      return this;
    }

    /**
     * Sets how many bytes of a GPU's memory the weights and the values of a run may take. Keys and
     * values have their own limit, {@link #keyValueBytes}. The device must be CUDA, or {@code
     * auto}.
     *
     * @param newBytes at least 0; 0, the default, sets no limit
     */
    public Builder gpuMemoryLimit(long newBytes) {
      gpuMemoryLimit = newBytes;
      return this;
    }

    /**
     * Sets options of the device's execution provider, for experts. ONNX Runtime's documentation of
     * the provider lists them. The CPU has none.
     *
     * @param newOptions values by name; none by default
     */
    public Builder providerOptions(Map<String, String> newOptions) {
      providerOptions = Objects.requireNonNull(newOptions, "newOptions must not be null");
      return this;
    }

    /**
     * Sets how many threads a run of the model uses.
     *
     * @param newThreads at least 0; 0, the default, lets ONNX Runtime use one for each physical
     *     core
     */
    public Builder threads(int newThreads) {
      threads = newThreads;
      return this;
    }

    /**
     * Sets the largest number of sequences in a decoding step. A request that needs more than this
     * runs alone.
     *
     * @param newMaxRows at least 1, by default 16
     */
    public Builder maxRows(int newMaxRows) {
      maxRows = newMaxRows;
      return this;
    }

    /**
     * Sets how many requests may wait. Any further request fails with a {@link QueueFullException}.
     *
     * @param newCapacity at least 1, by default 1,024
     */
    public Builder queueCapacity(int newCapacity) {
      queueCapacity = newCapacity;
      return this;
    }

    /**
     * Sets how many bytes keys and values may take, including those kept for reuse.
     *
     * @param newBytes at least what a short request takes, which opening checks; 0, the default,
     *     takes three quarters of the memory that is free when the model is opened, on the device
     *     that holds them
     */
    public Builder keyValueBytes(long newBytes) {
      keyValueBytes = newBytes;
      return this;
    }

    /**
     * Sets how many bytes of the Java heap the adapters that {@link PolyLm#loadAdapter} loads may
     * take together. Those in use also take native memory, for as many as the model has slots.
     *
     * @param newBytes at least 0, by default a quarter of the largest heap
     */
    public Builder adapterBytes(long newBytes) {
      adapterBytes = newBytes;
      return this;
    }

    /**
     * Sets the largest number of prompt ids that are read between two decoding steps. A larger
     * chunk reads prompts faster, but the answers under way wait longer for it.
     *
     * @param newChunk from 1 to {@value PolyLmOptions#MAX_PROMPT_CHUNK}, by default 128
     */
    public Builder promptChunk(int newChunk) {
      promptChunk = newChunk;
      return this;
    }

    /** Sets whether keys and values are kept for later prompts; true by default. */
    public Builder prefixReuse(boolean newReuse) {
      prefixReuse = newReuse;
      return this;
    }

    /**
     * Sets files of {@link PolyLm#savePrefix}, which are read when the model is opened. Prompts
     * that begin with such a prefix are then answered as fast as if the model had just read it.
     * Like other prefixes, those that were used least recently go first when memory is needed.
     *
     * <p>Each file belongs to one model. Opening fails if a file is another model's, or damaged, or
     * the model has no room for it.
     *
     * @param newFiles none by default
     */
    public Builder prefixFiles(List<Path> newFiles) {
      prefixFiles = Objects.requireNonNull(newFiles, "newFiles must not be null");
      return this;
    }

    /**
     * Sets whether the model always gives the same bits, whatever else runs: scores and embeddings,
     * and answers whose request does not set {@link
     * dev.polylm.generation.GenerationConfig#reproducible} itself. That is slower: requests share
     * no runs, and each reads its whole prompt.
     *
     * @param newReproducible false by default
     */
    public Builder reproducible(boolean newReproducible) {
      reproducible = newReproducible;
      return this;
    }

    /**
     * Sets whether prompts and answers are logged to {@code dev.polylm.texts} at DEBUG; false by
     * default.
     */
    public Builder logTexts(boolean newLogTexts) {
      logTexts = newLogTexts;
      return this;
    }

    /**
     * Sets which files are compared with the manifest's hashes; {@link Verify#SMALL} by default.
     */
    public Builder verify(Verify newVerify) {
      verify = newVerify;
      return this;
    }

    /**
     * Sets a small model that guesses ids for this one. The model reads several guesses in one step
     * and keeps those that it would have chosen, so answers come faster where the small model is
     * often right. Greedy answers stay the same, and drawn ones keep their probabilities. The
     * engine guesses only for requests with one sequence, while few run, and only as long as it
     * measures that this saves time. Requests that are {@link
     * dev.polylm.generation.GenerationConfig#reproducible} and embeddings go without.
     *
     * <p>The small model has the same options, such as {@link #device} and {@link #threads}. Its
     * keys and values count as the engine's. It is closed with the model.
     *
     * @param newSmallModel a folder that {@code polylm export} wrote, with the same vocabulary;
     *     null, the default, for none
     */
    public Builder draft(@Nullable Path newSmallModel) {
      draft = newSmallModel;
      return this;
    }

    /**
     * Sets settings that apply if a request sets none. They take precedence over those of the
     * model's generation_config.json. Opening fails if they contradict each other or the file.
     *
     * @param newDefaults nothing by default
     */
    public Builder generationDefaults(GenerationConfig newDefaults) {
      generationDefaults = Objects.requireNonNull(newDefaults, "newDefaults must not be null");
      return this;
    }

    /**
     * Sets what meters, logs and events call the model. Open models need different names if their
     * meters are to be told apart.
     *
     * @param newName by default the name in the model's manifest
     */
    public Builder name(String newName) {
      name = Objects.requireNonNull(newName, "newName must not be null");
      return this;
    }

    /**
     * Sets the Micrometer registry that the engine reports to. Without this call, the engine
     * reports to Micrometer's global registry if Micrometer is present. It does not need
     * Micrometer.
     *
     * @param newRegistry receives the meters {@code polylm.*}; they are removed from it when the
     *     model closes
     */
    @SuppressWarnings("exports") // a caller with a registry requires Micrometer itself
    public Builder meterRegistry(MeterRegistry newRegistry) {
      meterRegistry = Objects.requireNonNull(newRegistry, "newRegistry must not be null");
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws PolyLmException if a value is out of range
     */
    public PolyLmOptions build() {
      return new PolyLmOptions(this);
    }
  }
}
