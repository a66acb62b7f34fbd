package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Seeds of rows. */
final class RowSeed {
  private RowSeed() {}

  /** Returns the first 8 bytes of the SHA-256 of the setting's 8 bytes and the key in UTF-8. */
  static long of(long configSeed, String key) {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      hash.update(ByteBuffer.allocate(Long.BYTES).putLong(configSeed).array());
      return ByteBuffer.wrap(hash.digest(key.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns a row's settings: those of the JSON, with the row's own seed if it is drawn. */
  static GenerationConfig config(String json, PolyLm model, String key) {
    GenerationConfig config = GenerationConfig.fromJson(json);
    GenerationConfig whole = config.orElse(model.generationDefaults());
    if (!whole.doSample()) {
      return config;
    }
    return config.toBuilder().seed(of(whole.seed().orElse(0), key)).build();
  }
}
