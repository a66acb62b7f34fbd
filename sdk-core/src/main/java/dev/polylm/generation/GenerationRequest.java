package dev.polylm.generation;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and how it is to be answered. Immutable: each method that changes something gives a new
 * request.
 */
public final class GenerationRequest {
  private final @Nullable String prompt;
  private final int @Nullable [] inputIds;
  private final boolean trusted;
  private final GenerationConfig config;
  private final @Nullable Consumer<String> textListener;

  private GenerationRequest(
      @Nullable String prompt,
      int @Nullable [] inputIds,
      boolean trusted,
      GenerationConfig config,
      @Nullable Consumer<String> textListener) {
    this.prompt = prompt;
    this.inputIds = inputIds;
    this.trusted = trusted;
    this.config = config;
    this.textListener = textListener;
  }

  /** Asks for the text that follows a text. */
  public static GenerationRequest ofPrompt(String prompt) {
    return new GenerationRequest(prompt, null, false, GenerationConfig.builder().build(), null);
  }

  /** Asks for what follows ids; they are taken as they are, nothing is put before them. */
  public static GenerationRequest ofIds(int... inputIds) {
    return new GenerationRequest(
        null, inputIds.clone(), false, GenerationConfig.builder().build(), null);
  }

  /** With other settings; what they leave open, the model's generation_config.json says. */
  public GenerationRequest withConfig(GenerationConfig newConfig) {
    return new GenerationRequest(prompt, inputIds, trusted, newConfig, textListener);
  }

  /** With special tokens such as {@code </s>} in the prompt taken as such, not as plain text. */
  public GenerationRequest withTrustedPrompt() {
    return new GenerationRequest(prompt, inputIds, true, config, textListener);
  }

  /**
   * With a listener that is given the text while it is made, in whole characters; the pieces joined
   * are the answer's text. It runs on the calling thread; what it throws ends the generation and is
   * thrown to the caller. Not with beams or several sequences.
   */
  public GenerationRequest withTextListener(Consumer<String> listener) {
    return new GenerationRequest(prompt, inputIds, trusted, config, listener);
  }

  public @Nullable String prompt() {
    return prompt;
  }

  public int @Nullable [] inputIds() {
    return inputIds == null ? null : inputIds.clone();
  }

  public boolean trustedPrompt() {
    return trusted;
  }

  public GenerationConfig config() {
    return config;
  }

  public @Nullable Consumer<String> textListener() {
    return textListener;
  }
}
