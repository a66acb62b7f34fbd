package dev.polylm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests whose values have another type or are missing. */
final class ManifestTest {
  private static final String GOOD =
      """
      {"format": 1, "name": "m", "graph": "fused", "weights": "fp32", "block_size": null,
      "kv_cache": "fp32", "prompt_form": "base", "model": {"vocab_size": 8, "context_length": 4,
      "layers": 1, "hidden_size": 2, "heads": 1, "head_dim": 2}, "tokenizer": null, "qkv": null,
      "perplexity": {"tokens": 1, "all": 1.5, "unigram": 2, "by_language": {"de": 1.5}},
      "sources": {}, "files": {"a b": {"bytes": 5, "sha256": "00"}}}
      """;

  @Test
  void aWholeManifestIsRead() {
    assertThat(Manifest.fromJson(GOOD).files()).containsOnlyKeys("a b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"bytes\": 5 | \"bytes\": \"x\" | is not a manifest: files[\"a b\"].bytes is a string,"
            + " must be an integer of 64 bits",
        "\"bytes\": 5 | \"bytes\": 1.5 | is not a manifest: files[\"a b\"].bytes is a number, must"
            + " be an integer of 64 bits",
        "\"bytes\": 5 | \"bytes\": 99999999999999999999 | is not a manifest: files[\"a b\"].bytes"
            + " is out of range, must be an integer of 64 bits",
        "\"bytes\": 5, | `` | is not a manifest: files[\"a b\"].bytes is null or missing, must be"
            + " an integer of 64 bits",
        ", \"sha256\": \"00\" | `` | has no bytes and sha256 of \"a b\" in files",
        "{\"bytes\": 5, \"sha256\": \"00\"} | null | has no bytes and sha256 of \"a b\" in files",
        "{\"bytes\": 5, \"sha256\": \"00\"} | 7 | is not a manifest: files[\"a b\"] is a number,"
            + " must be an object",
        "\"sources\": {} | \"sources\": [] | is not a manifest: sources is a list, must be an"
            + " object",
        "\"layers\": 1 | \"layers\": true | is not a manifest: model.layers is a boolean, must be"
            + " an integer of 32 bits",
        "\"de\": 1.5 | \"de\": {} | is not a manifest: perplexity.by_language.de is an object, must"
            + " be a number",
        "\"name\": \"m\" | \"name\": {} | is not a manifest: name is an object, must be a string",
        "\"name\": \"m\" | \"name\": \"m\", \"nam\": 1 | is not a manifest: nam is unknown, known"
            + " here are ",
        "\"a b\": | \"\\u001b[31m\": 1, \"a b\": | is not a manifest: files[\"?[31m\"] is a number,"
            + " must be an object",
        "\"name\": \"m\" | \"name\": \"m\", \"name\": \"n\" | is not a manifest: Duplicate field"
            + " 'name' at line 1, column 34",
        "\"name\": \"m\" | \"name\": \"m\", \"adapters\": {\"max_rank\": 0, \"slots\": 1} | is not"
            + " a manifest: adapters: the highest rank of an adapter is 0, expected 1 to 1024",
      })
  void theMessageNamesThePlaceAndWhatIsExpected(String good, String wrong, String message) {
    assertThat(GOOD).contains(good);
    assertThatThrownBy(() -> Manifest.fromJson(GOOD.replace(good, wrong)))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("manifest.json: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | it is a list, must be an object",
        "`` | it is empty, must be an object",
        "{ | it ends too early at line 1, column 2",
        "{\"name\": x} | Unrecognized token 'x': was expecting (JSON String, Number, Array, Object"
            + " or token 'null', 'true' or 'false') at line 1, column 10",
        "{\"format\": 1e99999} | format is a number, must be an integer of 32 bits",
      })
  void soDoesThatOfWhatIsNoManifest(String json, String message) {
    assertThatThrownBy(() -> Manifest.fromJson(json))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("manifest.json: is not a manifest: " + message);
  }

  @Test
  void whatFollowsItsEndIsRefused() {
    assertThatThrownBy(() -> Manifest.fromJson(GOOD + "{}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "manifest.json: is not a manifest: more follows after its end at line 6, column 1");
  }
}
