package dev.polylm.generation;

import dev.polylm.PolyLmException;
import dev.polylm.tokenizer.StreamingDecoder;
import dev.polylm.tokenizer.Tokenizer;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Gives a listener the text of ids as they come, in whole characters. */
final class TextStream implements IntConsumer {
  private final @Nullable Consumer<String> listener;
  private final @Nullable StreamingDecoder decoder;

  private TextStream(@Nullable Consumer<String> listener, @Nullable StreamingDecoder decoder) {
    this.listener = listener;
    this.decoder = decoder;
  }

  /** A stream for a listener; where that is null, one that does nothing. */
  static TextStream of(
      @Nullable Consumer<String> listener, GenerationConfig config, @Nullable Tokenizer tokenizer) {
    if (listener == null) {
      return new TextStream(null, null);
    }
    if (tokenizer == null) {
      throw new PolyLmException(
          "the model takes ids only: its answer can't be listened to as text");
    }
    if (config.numBeams() > 1 || config.numReturnSequences() > 1) {
      throw new PolyLmException(
          "a text listener hears one sequence as it is made; num_beams is %d, num_return_sequences is %d"
              .formatted(config.numBeams(), config.numReturnSequences()));
    }
    return new TextStream(listener, tokenizer.streamingDecoder());
  }

  @Override
  public void accept(int id) {
    if (decoder != null) {
      give(decoder.accept(id));
    }
  }

  /** Gives what was held back for want of an end. */
  void finish() {
    if (decoder != null) {
      give(decoder.finish());
    }
  }

  private void give(String piece) {
    if (listener != null && !piece.isEmpty()) {
      listener.accept(piece);
    }
  }
}
