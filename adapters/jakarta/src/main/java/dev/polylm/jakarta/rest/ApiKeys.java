package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.ApiException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares keys. The time that this takes reveals neither their characters nor their length. */
final class ApiKeys {
  private static final String BEARER = "Bearer ";

  private final List<byte[]> digests;

  ApiKeys(List<String> keys) {
    this.digests = keys.stream().map(ApiKeys::digest).toList();
  }

  boolean isEmpty() {
    return digests.isEmpty();
  }

  /**
   * Returns which key a request has.
   *
   * @param authorization the header's value
   * @return the key's place in the configuration, from 0
   * @throws ApiException if it has none, or a wrong one
   */
  int find(@Nullable String authorization) {
    if (authorization == null) {
      throw ApiException.unauthorized(
          "No API key was sent; expected the header Authorization: Bearer KEY.");
    }
    boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    byte[] sent = digest(bearer ? authorization.substring(BEARER.length()).strip() : "");
    int found = -1;
    for (int i = 0; i < digests.size(); i++) {
      if (MessageDigest.isEqual(digests.get(i), sent)) {
        found = i;
      }
    }
    if (found < 0) {
      throw ApiException.unauthorized("The API key is not one of this server's keys.");
    }
    return found;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
