package dev.polylm.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import dev.polylm.internal.untrusted.Quoted;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The contents of {@code manifest.json}. It describes the exported model and the checkpoint that it
 * was made from.
 *
 * <pre>{@code
 * Manifest manifest = polyLm.manifest();
 * System.out.println(manifest.name() + " in " + manifest.weights());
 * }</pre>
 *
 * @param format the version of this format; this code reads and writes {@value #FORMAT}
 * @param name the model's name, such as {@code polylm-tiny}
 * @param graph the kind of graph: {@code fused} updates its cache in place, {@code portable} uses
 *     only operators of the ONNX standard
 * @param weights the type of the weights: {@code fp32}, {@code fp16}, {@code int8} or {@code int4}
 * @param blockSize how many weights share a scale, or null if none do
 * @param kvCache the type of the cached keys and values: {@code fp32}, {@code fp16} or {@code int8}
 * @param promptForm the prompt form that the model was trained on: {@code base}, {@code
 *     multialpaca} or {@code chat}
 * @param model the model's sizes
 * @param tokenizer facts about the tokenizer, or null if the model takes ids only
 * @param qkv the order of the outputs of c_attn in the checkpoint, and the reason for taking that
 *     order
 * @param perplexity the perplexity that the exporter measured, or null if it measured none
 * @param adapters what the graph allows of adapters at run time, or null if it takes none
 * @param sources the checkpoint's files that the exporter read, by name
 * @param files the other files of the folder, by name
 */
public record Manifest(
    int format,
    String name,
    String graph,
    String weights,
    @Nullable Integer blockSize,
    String kvCache,
    String promptForm,
    ModelDimensions model,
    @Nullable TokenizerFacts tokenizer,
    @Nullable QkvFacts qkv,
    @Nullable TextPerplexity perplexity,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable AdapterFacts adapters,
    SortedMap<String, FileFacts> sources,
    SortedMap<String, FileFacts> files) {

  public static final int FORMAT = 1;
  public static final String FILE_NAME = "manifest.json";

  private static final List<String> GRAPHS =
      Stream.of(GraphKind.values()).map(GraphKind::label).toList();
  private static final List<String> WEIGHTS = List.of("fp32", "fp16", "int8", "int4");
  private static final List<String> KV_CACHES = List.of("fp32", "fp16", "int8");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Returns the floats that the graph computes with: {@code fp32} or {@code fp16}. */
  public String activations() {
    return kvCache.equals("fp16") ? "fp16" : "fp32";
  }

  /**
   * Returns whether CUDA can run the whole graph and keep the cache. Its attention has 16-bit
   * floats only. Otherwise the attention and the cache stay on the CPU.
   */
  public boolean runsWholeOnGpu() {
    return graph.equals("fused") && activations().equals("fp16");
  }

  /** Returns the manifest as JSON text. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest of plain values can always be written", e);
    }
  }

  /**
   * Reads a manifest.
   *
   * @throws PolyLmException if the text is not a manifest, or has a format that this version does
   *     not read
   */
  public static Manifest fromJson(String json) {
    Manifest manifest;
    try {
      manifest = JSON.readValue(json, Manifest.class);
    } catch (JsonProcessingException e) {
      throw new PolyLmException(FILE_NAME + ": is not a manifest: " + JsonProblem.of(e), e);
    }
    if (manifest == null || manifest.format != FORMAT) {
      throw new PolyLmException(
          "%s: has format %s, this version reads format %s; export the model again"
              .formatted(FILE_NAME, manifest == null ? "none" : manifest.format, FORMAT));
    }
    manifest.checkComplete();
    return manifest;
  }

  private void checkComplete() {
    if (Stream.of(name, graph, weights, kvCache, promptForm, model, sources, files)
        .anyMatch(Objects::isNull)) {
      throw new PolyLmException(
          FILE_NAME
              + ": lacks one of name, graph, weights, kv_cache, prompt_form, model, sources,"
              + " files");
    }
    checkFacts("sources", sources);
    checkFacts("files", files);
    checkKnown("graph", graph, GRAPHS);
    checkKnown("weights", weights, WEIGHTS);
    checkKnown("kv_cache", kvCache, KV_CACHES);
    if (weights.equals("fp16") && kvCache.equals("int8")) {
      throw new PolyLmException(
          FILE_NAME
              + ": has weights fp16 and kv_cache int8; ONNX Runtime's attention supports an int8 cache"
              + " only with 32-bit floats: export the model again with one of the two");
    }
    model.check();
  }

  private static void checkFacts(String name, SortedMap<String, FileFacts> facts) {
    facts.forEach(
        (file, fact) -> {
          if (fact == null || fact.sha256() == null) {
            throw new PolyLmException(
                "%s: has no bytes and sha256 of \"%s\" in %s"
                    .formatted(FILE_NAME, Quoted.of(file), name));
          }
        });
  }

  private static void checkKnown(String name, String value, List<String> known) {
    if (!known.contains(value)) {
      throw new PolyLmException(
          "%s: has %s %s; this version runs %s".formatted(FILE_NAME, name, value, known));
    }
  }

  /**
   * Checks that a file name in a manifest stays inside the folder.
   *
   * @throws PolyLmException if the name could lead out of the folder
   */
  public static void checkFileName(String name) {
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
      throw new PolyLmException(
          "%s: names the file \"%s\"; expected letters, digits, '.', '_' and '-' only"
              .formatted(FILE_NAME, name));
    }
  }
}
