package dev.polylm.cli.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the hub says about a repository at a commit.
 *
 * @param name owner and name
 * @param commit the commit, which never changes
 * @param licence the licence's name, or "unknown"
 * @param files those that an export reads
 */
public record HubRepository(String name, String commit, String licence, List<HubFile> files) {
  /** An owner and a name, as the hub allows them. */
  static final Pattern NAME = Pattern.compile("[\\w-][\\w.-]{0,95}/[\\w-][\\w.-]{0,95}");

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Set<String> SMALL_FILES =
      Set.of(
          "config.json",
          "generation_config.json",
          "tokenizer.model",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja");
  private static final Pattern SAFETENSORS =
      Pattern.compile("model(-\\d{5}-of-\\d{5})?\\.safetensors|model\\.safetensors\\.index\\.json");
  private static final Pattern TORCH =
      Pattern.compile("pytorch_model(-\\d{5}-of-\\d{5})?\\.bin|pytorch_model\\.bin\\.index\\.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns whether a text is an owner and a name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Copies the list. */
  public HubRepository {
    files = List.copyOf(files);
  }

  /** Returns the length of all files together. */
  public long bytes() {
    return files.stream().mapToLong(HubFile::size).sum();
  }

  /**
   * Reads the hub's answer.
   *
   * @throws PolyLmException if it is not such an answer, or the repository has no checkpoint
   */
  static HubRepository parse(String name, String json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(name + ": the hub's answer is no JSON", e);
    }
    String commit = root.path("sha").asText();
    if (!COMMIT.matcher(commit).matches()) {
      throw new PolyLmException(
          "%s: the hub names the commit \"%s\", expected 40 hexadecimal digits"
              .formatted(name, commit));
    }
    List<JsonNode> entries = new ArrayList<>();
    root.path("siblings").forEach(entries::add);
    boolean safetensors = entries.stream().anyMatch(e -> SAFETENSORS.matcher(nameOf(e)).matches());
    Pattern weights = safetensors ? SAFETENSORS : TORCH;
    List<HubFile> files = new ArrayList<>();
    for (JsonNode entry : entries) {
      String file = nameOf(entry);
      if (SMALL_FILES.contains(file) || weights.matcher(file).matches()) {
        files.add(file(name, entry));
      }
    }
    check(name, files, weights);
    return new HubRepository(
        name, commit, root.path("cardData").path("license").asText("unknown"), files);
  }

  private static String nameOf(JsonNode entry) {
    return entry.path("rfilename").asText();
  }

  private static HubFile file(String repository, JsonNode entry) {
    JsonNode lfs = entry.path("lfs");
    long size = entry.path("size").asLong(-1);
    String hash = lfs.path("sha256").asText(entry.path("blobId").asText());
    if (size < 0 || !HASH.matcher(hash).matches()) {
      throw new PolyLmException(
          "%s: the hub states no size and hash of %s".formatted(repository, nameOf(entry)));
    }
    return new HubFile(nameOf(entry), size, hash);
  }

  private static void check(String name, List<HubFile> files, Pattern weights) {
    boolean config = files.stream().anyMatch(file -> file.name().equals("config.json"));
    boolean some = files.stream().anyMatch(file -> weights.matcher(file.name()).matches());
    if (!config || !some) {
      throw new PolyLmException(
          "%s: has no %s; expected a checkpoint"
              .formatted(name, config ? "model.safetensors or pytorch_model.bin" : "config.json"));
    }
    Set<String> names = new HashSet<>();
    long left = Long.MAX_VALUE;
    for (HubFile file : files) {
      if (!names.add(file.name())) {
        throw new PolyLmException("%s: the hub names %s twice".formatted(name, file.name()));
      }
      if (file.size() > left) {
        throw new PolyLmException(
            "%s: the hub states more bytes than any disk has".formatted(name));
      }
      left -= file.size();
    }
  }
}
