package dev.polylm.quarkus;

import dev.polylm.PolyLmOptions.Verify;
import io.quarkus.runtime.annotations.ConfigGroup;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

/** The configuration of one model. */
@ConfigGroup
public interface ModelConfig {
  /** Where the model is. */
  Model model();

  /** Where the model runs: cpu, cuda, cuda:N, or auto. */
  @WithDefault("cpu")
  String device();

  /** Memory of a GPU for weights and runs, such as 8G. 0 is no limit. */
  @WithDefault("0")
  MemorySize gpuMemoryLimit();

  /** Options of the device's execution provider, by name. */
  Map<String, String> providerOptions();

  /** Threads of a run. 0 is one for each core. */
  @WithDefault("0")
  int threads();

  /** Sequences in a decoding step. */
  @WithDefault("16")
  int maxRows();

  /** Requests that may wait. */
  @WithDefault("1024")
  int queue();

  /**
   * Memory for keys and values, such as 2G. 0 is three quarters of the memory that is free at the
   * start.
   */
  @WithDefault("0")
  MemorySize keyValueBytes();

  /** Java heap for loaded adapters. Without it, a quarter of the heap. */
  Optional<MemorySize> adapterBytes();

  /** Files of adapters by name. The qualifier {@code @Model("model:name")} chooses one. */
  Map<String, String> adapters();

  /** Ids of a prompt that are read between two decoding steps, from 1 to 512. */
  @WithDefault("128")
  int promptChunk();

  /** Whether keys and values are kept for prompts that begin alike. */
  @WithDefault("true")
  @WithConverter(TrueOrFalse.class)
  boolean prefixReuse();

  /** Which files are compared with the manifest's hashes when the model is opened. */
  @WithDefault("small")
  Verify verify();

  /** Folder of a small model with the same vocabulary, which guesses tokens. */
  Optional<String> draft();

  /** Settings for what a request leaves open, by Hugging Face's names in kebab case. */
  Map<String, String> generation();

  /** Says where a model is. */
  @ConfigGroup
  interface Model {
    /** Folder that 'polylm export' wrote. Without it, the model on the class path is used. */
    Optional<String> path();
  }
}
