package dev.polylm;

import dev.polylm.internal.chat.ChatModel;
import dev.polylm.internal.delivery.Lifecycle;
import dev.polylm.internal.engine.Engine;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.Decoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the keys and values that an engine keeps to files, and reads them back. Those that an
 * adapter made are not written, because a file does not tell which adapter it was.
 */
final class KeptPrefixes implements ChatModel.Prefixes {
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

  @Override
  public void write(int[] ids, DataOutputStream out) throws IOException {
    Supplier<@Nullable CachedPrefix> copy = () -> withAdapter ? null : engine.copyOfPrefix(ids);
    try (CachedPrefix prefix = lifecycle.call(copy)) {
      out.writeInt(prefix == null ? 0 : prefix.ids().length);
      if (prefix != null) {
        prefix.writeTo(out);
      }
    }
  }

  @Override
  public void read(int[] ids, DataInputStream in) throws IOException {
    int known = in.readInt();
    if (known < 0 || known > ids.length) {
      throw new PolyLmException(
          "keys and values of %s ids, expected at most %s".formatted(known, ids.length));
    }
    if (known > 0) {
      CachedPrefix prefix = decoder.readPrefix(Arrays.copyOf(ids, known), in);
      lifecycle.call(
          () -> {
            engine.keep(prefix);
            return prefix;
          });
    }
  }
}
