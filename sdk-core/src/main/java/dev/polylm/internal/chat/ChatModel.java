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
 * What conversations need of a model.
 *
 * @param defaults the settings that hold where a turn sets none
 * @param generator answers turns
 * @param prefixes the keys and values that are kept
 */
public record ChatModel(
    Manifest manifest,
    Tokenizer tokenizer,
    GenerationConfig defaults,
    Generator generator,
    Prefixes prefixes) {

  /** Keys and values that are kept of ids. */
  public interface Prefixes {
    /** Writes how many of the first ids are known, and what is known of them. */
    void write(int[] ids, DataOutputStream out) throws IOException;

    /**
     * Reads what {@link #write} wrote of the same model, and keeps it.
     *
     * @throws dev.polylm.PolyLmException if it is of more ids than there are
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
