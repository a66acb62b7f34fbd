package dev.polylm.internal.chat;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.model.Manifest;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.Tokenizer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * The parts of a model that conversations need.
 *
 * @param defaults the settings that apply if a turn sets none
 * @param generator answers turns
 * @param prefixes the kept keys and values
 */
public record ChatModel(
    Manifest manifest,
    Tokenizer tokenizer,
    GenerationConfig defaults,
    Generator generator,
    Prefixes prefixes) {

  /** The keys and values that are kept for ids. */
  public interface Prefixes {
    /** Writes how many of the first ids have keys and values, and these keys and values. */
    void write(int[] ids, DataOutputStream out) throws IOException;

    /**
     * Reads what {@link #write} wrote for the same model, and keeps it.
     *
     * @throws dev.polylm.PolyLmException if it has keys and values of more ids than there are
     */
    void read(int[] ids, DataInputStream in) throws IOException;
  }

  PromptForm form() {
    return PromptForm.of(manifest.promptForm());
  }

  int contextLength() {
    return manifest.model().contextLength();
  }
}
