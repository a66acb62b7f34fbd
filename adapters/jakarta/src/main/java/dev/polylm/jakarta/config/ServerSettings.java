package dev.polylm.jakarta.config;

import dev.polylm.PolyLmException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The limits of the server. Immutable.
 *
 * @param enabled whether the server serves anything at all
 * @param apiKeys the valid keys; each request must send one. Without keys, the server answers only
 *     this machine
 * @param corsOrigins the origins whose pages may call the API, besides the server's own
 * @param maxBodyBytes the bytes of a request's body
 * @param bodyTime how long a body may take to arrive
 * @param maxPromptTokens the ids of a prompt, 0 for as many as the model's context takes
 * @param maxTokens the new ids of an answer
 * @param maxChoices the answers to one prompt, including all that best_of draws
 * @param maxPrompts the prompts of one request
 * @param maxBeams the beams of a search
 * @param maxRequests the requests that are being answered or wait
 * @param maxRequestsPerKey the requests of one key that are being answered or wait
 * @param maxPriority the highest priority that a request may have; at least 0, which is the default
 *     priority
 * @param requestTime how long a request may take
 * @param adapterFolder where files are that clients may load as adapters; none: they may load none
 */
public record ServerSettings(
    boolean enabled,
    List<String> apiKeys,
    List<String> corsOrigins,
    int maxBodyBytes,
    Duration bodyTime,
    int maxPromptTokens,
    int maxTokens,
    int maxChoices,
    int maxPrompts,
    int maxBeams,
    int maxRequests,
    int maxRequestsPerKey,
    int maxPriority,
    Duration requestTime,
    Optional<Path> adapterFolder) {

  public ServerSettings {
    apiKeys = List.copyOf(apiKeys);
    corsOrigins = List.copyOf(corsOrigins);
  }

  static ServerSettings read(KeyReader config) {
    return new ServerSettings(
        config.flag("polylm.server.enabled", true),
        config.list("polylm.server.api-keys"),
        config.list("polylm.server.cors-origins"),
        config.integer("polylm.server.max-body-bytes", 1 << 20, 1),
        Duration.ofSeconds(config.integer("polylm.server.body-seconds", 30, 1)),
        config.integer("polylm.server.max-prompt-tokens", 0, 0),
        config.integer("polylm.server.max-tokens", 1024, 1),
        config.integer("polylm.server.max-choices", 8, 1),
        config.integer("polylm.server.max-prompts", 64, 1),
        config.integer("polylm.server.max-beams", 8, 1),
        config.integer("polylm.server.max-requests", 256, 1),
        config.integer("polylm.server.max-requests-per-key", 128, 1),
        config.integer("polylm.server.max-priority", 0, 0),
        Duration.ofSeconds(config.integer("polylm.server.request-seconds", 120, 1)),
        config.text("polylm.server.adapter-folder").map(ServerSettings::folder));
  }

  private static Path folder(String name) {
    Path folder = Path.of(name);
    if (!Files.isDirectory(folder)) {
      throw new PolyLmException(
          "polylm.server.adapter-folder is \"%s\", must be a folder".formatted(name));
    }
    return folder;
  }

  /** Leaves out the keys, which are secret. */
  @Override
  public String toString() {
    return "ServerSettings[enabled=%s, %s keys]".formatted(enabled, apiKeys.size());
  }
}
