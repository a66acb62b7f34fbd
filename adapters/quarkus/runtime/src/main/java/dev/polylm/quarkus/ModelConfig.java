package dev.polylm.quarkus;

import dev.polylm.PolyLmOptions.Verify;
import io.quarkus.runtime.annotations.ConfigGroup;
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

  /** Bytes of a GPU's memory for weights and runs. 0 is no limit. */
  @WithDefault("0")
  long gpuMemoryLimit();

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

  /** Memory for keys and values. 0 is three quarters of the memory that is free at the start. */
  @WithDefault("0")
  long keyValueBytes();

  /** Ids of a prompt that are read between two decoding steps, from 1 to 512. */
  @WithDefault("128")
  int promptChunk();

  /** Whether keys and values are kept for prompts that begin alike. */
  @WithDefault("true")
  boolean prefixReuse();

  /** Which files are compared with the manifest's hashes when the model is opened. */
  @WithDefault("small")
  Verify verify();

  /** Settings for what a request leaves open, by Hugging Face's names in kebab case. */
  Map<String, String> generation();

  /** Says where a model is. */
  @ConfigGroup
  interface Model {
    /** Folder that 'polylm export' wrote. Without it, the model on the class path is used. */
    Optional<String> path();
  }
}
