package dev.polylm;

import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.decoding.PromptTask;
import dev.polylm.internal.delivery.Lifecycle;
import dev.polylm.internal.engine.Engine;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.internal.saved.KeysAndValues;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the keys and values that an engine keeps to files, and reads them back. Those that an
 * adapter made are not written, because a file does not tell which adapter it was.
 */
final class KeptPrefixes implements KeysAndValues {
  private final Lifecycle lifecycle;
  private final Engine engine;
  private final Decoder decoder;
  private final boolean withAdapter;

  KeptPrefixes(Lifecycle lifecycle, Engine engine, Decoder decoder, boolean withAdapter) {
    this.lifecycle = lifecycle;
    this.engine = engine;
    this.decoder = decoder;
    this.withAdapter = withAdapter;
  }

  /** Reads a prompt, so that the engine keeps its keys and values. */
  static void readPrompt(int[] ids, DecodingRunner runner) {
    PromptTask task =
        new PromptTask(false) {
          @Override
          public List<int[]> prompts() {
            return List.of(ids);
          }
        };
    if (runner.submit(task, Terms.defaults()).await().isPresent()) {
      throw new CancellationException("reading the prefix was cancelled");
    }
  }

  @Override
  public int write(int[] ids, DataOutputStream out) throws IOException {
    Supplier<@Nullable CachedPrefix> copy = () -> withAdapter ? null : engine.copyOfPrefix(ids);
    try (CachedPrefix prefix = lifecycle.call(copy)) {
      int known = prefix == null ? 0 : prefix.ids().length;
      out.writeInt(known);
      if (prefix != null) {
        prefix.writeTo(out);
      }
      return known;
    }
  }

  @Override
  public boolean read(int[] ids, DataInputStream in) throws IOException {
    int known = in.readInt();
    if (known < 0 || known > ids.length) {
      throw new PolyLmException(
          "keys and values of %s ids, expected at most %s".formatted(known, ids.length));
    }
    if (known == 0) {
      return false;
    }
    CachedPrefix prefix = decoder.readPrefix(Arrays.copyOf(ids, known), in);
    return lifecycle.call(() -> engine.keep(prefix));
  }
}
