package dev.polylm.spring;

import dev.polylm.PolyLmOptions.Verify;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The properties of one model. Spring Boot binds them. */
public class ModelProperties {
  private final Model model = new Model();

  /** Where the model runs: cpu, cuda, cuda:N, or auto. */
  private String device = "cpu";

  /** Memory of a GPU for weights and runs. 0 is no limit. */
  private DataSize gpuMemoryLimit = DataSize.ofBytes(0);

  /** Options of the device's execution provider, by name. */
  private Map<String, String> providerOptions = new HashMap<>();

  /** Threads of a run. 0 is one for each core. */
  private int threads;

  /** Sequences in a decoding step. */
  private int maxRows = 16;

  /** Requests that may wait. */
  private int queue = 1024;

  /** Memory for keys and values. 0 is three quarters of the memory that is free at the start. */
  private DataSize keyValueBytes = DataSize.ofBytes(0);

  /** Ids of a prompt that are read between two decoding steps, from 1 to 512. */
  private int promptChunk = 128;

  /** Whether keys and values are kept for prompts that begin alike. */
  private boolean prefixReuse = true;

  /** Which files are compared with the manifest's hashes when the model is opened. */
  private Verify verify = Verify.SMALL;

  /** Folder of a small model with the same vocabulary, which guesses tokens. */
  private @Nullable String draft;

  /** Settings for what a request leaves open, by Hugging Face's names in kebab case. */
  private Map<String, String> generation = new HashMap<>();

  /** Files that 'polylm adapter' wrote, by the names that requests choose them by. */
  private Map<String, String> adapters = new HashMap<>();

  /**
   * Whether the model is opened when it is first needed. For a model with a name: as polylm.lazy.
   */
  private @Nullable Boolean lazy;

  /** Creates properties with the defaults. */
  public ModelProperties() {}

  public Model getModel() {
    return model;
  }

  public String getDevice() {
    return device;
  }

  public void setDevice(String device) {
    this.device = device;
  }

  public DataSize getGpuMemoryLimit() {
    return gpuMemoryLimit;
  }

  public void setGpuMemoryLimit(DataSize gpuMemoryLimit) {
    this.gpuMemoryLimit = gpuMemoryLimit;
  }

  public Map<String, String> getProviderOptions() {
    return providerOptions;
  }

  public void setProviderOptions(Map<String, String> providerOptions) {
    this.providerOptions = providerOptions;
  }

  public int getThreads() {
    return threads;
  }

  public void setThreads(int threads) {
    this.threads = threads;
  }

  public int getMaxRows() {
    return maxRows;
  }

  public void setMaxRows(int maxRows) {
    this.maxRows = maxRows;
  }

  public int getQueue() {
    return queue;
  }

  public void setQueue(int queue) {
    this.queue = queue;
  }

  public DataSize getKeyValueBytes() {
    return keyValueBytes;
  }

  public void setKeyValueBytes(DataSize keyValueBytes) {
    this.keyValueBytes = keyValueBytes;
  }

  public int getPromptChunk() {
    return promptChunk;
  }

  public void setPromptChunk(int promptChunk) {
    this.promptChunk = promptChunk;
  }

  public boolean isPrefixReuse() {
    return prefixReuse;
  }

  public void setPrefixReuse(boolean prefixReuse) {
    this.prefixReuse = prefixReuse;
  }

  public Verify getVerify() {
    return verify;
  }

  public void setVerify(Verify verify) {
    this.verify = verify;
  }

  public @Nullable String getDraft() {
    return draft;
  }

  public void setDraft(@Nullable String draft) {
    this.draft = draft;
  }

  public Map<String, String> getGeneration() {
    return generation;
  }

  public void setGeneration(Map<String, String> generation) {
    this.generation = generation;
  }

  public Map<String, String> getAdapters() {
    return adapters;
  }

  public void setAdapters(Map<String, String> adapters) {
    this.adapters = adapters;
  }

  public @Nullable Boolean getLazy() {
    return lazy;
  }

  public void setLazy(@Nullable Boolean lazy) {
    this.lazy = lazy;
  }

  /** Says where the model is. */
  public static class Model {
    /** Folder that 'polylm export' wrote. Without it, the model on the class path is used. */
    private @Nullable String path;

    /** Creates properties with nothing set. */
    public Model() {}

    public @Nullable String getPath() {
      return path;
    }

    public void setPath(@Nullable String path) {
      this.path = path;
    }
  }
}
