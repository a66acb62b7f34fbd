package dev.polylm.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import dev.polylm.model.QkvFacts;
import dev.polylm.model.TextPerplexity;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that are exported models, and folders that only say so. */
final class ModelDirectoryTest {
  private static final String SHA_256 = "0".repeat(64);

  /** As sha256sum gives them. */
  private static final String GRAPH_SHA_256 =
      "eef93e1d14482804277fca0172464032d1a4fdbcc338524059fa1e861454ad4d";

  private static final String GRASP_SHA_256 =
      "60d8888af8808f1f2b59e9892ae7e23aac41902530072e4f9d3bb3da1cb95a59";

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("model.onnx"), "graph");
    Files.writeString(folder.resolve("manifest.json"), manifest().toJson());
  }

  private static Manifest manifest() {
    return manifest(new TreeMap<>(Map.of("model.onnx", new FileFacts(5, SHA_256))));
  }

  private static Manifest manifest(SortedMap<String, FileFacts> files) {
    return new Manifest(
        1,
        "small",
        "fused",
        "fp32",
        null,
        "fp32",
        "base",
        new ModelDimensions(320, 64, 2, 32, 2, 16),
        null,
        new QkvFacts("interleaved", "texts were read better so", 812.5, 3.25),
        new TextPerplexity(100, 3.5, 400.25, new TreeMap<>(Map.of("th", 2.5))),
        new TreeMap<>(),
        files);
  }

  private void replace(String old, String replacement) throws IOException {
    Path file = folder.resolve("manifest.json");
    String json = Files.readString(file);
    assertThat(json).contains(old);
    Files.writeString(file, json.replace(old, replacement));
  }

  @Test
  void aWholeFolderIsOpened() {
    try (ModelDirectory directory = ModelDirectory.open(folder)) {
      assertThat(directory.manifest()).isEqualTo(manifest());
      assertThat(directory.file("model.onnx")).hasContent("graph");
      assertThat(directory.generationConfigJson()).isEqualTo("{}");
    }
  }

  @Test
  void whatIsNoExportedModelIsRefused() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> ModelDirectory.open(missing))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(missing + ": is not a folder; expected an exported model");
    Files.delete(folder.resolve("manifest.json"));
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage(folder + ": has no manifest.json; expected a folder that polylm export wrote");
  }

  @Test
  void aFileThatIsMissingOrOfAnotherSizeIsNamed() throws IOException {
    Files.writeString(folder.resolve("model.onnx"), "cut");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage(folder.resolve("model.onnx") + ": has 3 bytes, the manifest says 5");
    Files.delete(folder.resolve("model.onnx"));
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage(folder + ": the manifest names model.onnx, which is missing");
  }

  /** As ONNX Runtime 1.28 takes them. */
  @Test
  void weightsAreBesideTheGraphOrBesideWhatItLinksTo() throws IOException {
    TreeMap<String, FileFacts> files =
        new TreeMap<>(
            Map.of(
                "model.onnx", new FileFacts(5, SHA_256),
                "model.onnx.data", new FileFacts(7, SHA_256)));
    Files.writeString(folder.resolve("manifest.json"), manifest(files).toJson());
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).toRealPath();
    Path weights = Files.writeString(elsewhere.resolve("weights"), "weights");
    Path inside = Files.createDirectory(folder.resolve("inside"));
    for (String name : List.of("manifest.json", "model.onnx")) {
      Files.move(folder.resolve(name), inside.resolve(name));
    }
    Path link = Files.createSymbolicLink(inside.resolve("model.onnx.data"), weights);
    assertThatThrownBy(() -> ModelDirectory.open(inside))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            link
                + ": is a link to "
                + weights
                + ", but ONNX Runtime reads weights in the folder of model.onnx only; make the"
                + " whole folder a link, or move the file");
    Files.move(inside.resolve("model.onnx"), elsewhere.resolve("graph"));
    Files.createSymbolicLink(inside.resolve("model.onnx"), elsewhere.resolve("graph"));
    ModelDirectory.open(inside).close();
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), inside);
    ModelDirectory.open(linked).close();
  }

  @Test
  void aFileThatWasChangedIsNamedAsFarAsIsAskedFor() throws IOException {
    TreeMap<String, FileFacts> files =
        new TreeMap<>(Map.of("model.onnx", new FileFacts(5, GRAPH_SHA_256)));
    Files.writeString(folder.resolve("manifest.json"), manifest(files).toJson());
    try (ModelDirectory directory = ModelDirectory.open(folder)) {
      directory.verify(PolyLmOptions.Verify.ALL);
      Files.writeString(folder.resolve("model.onnx"), "grasp");
      for (PolyLmOptions.Verify which :
          List.of(PolyLmOptions.Verify.SMALL, PolyLmOptions.Verify.ALL)) {
        assertThatThrownBy(() -> directory.verify(which))
            .isInstanceOf(PolyLmException.class)
            .hasMessage(
                folder.resolve("model.onnx")
                    + ": has 5 bytes with SHA-256 "
                    + GRASP_SHA_256
                    + ", the manifest says 5 with "
                    + GRAPH_SHA_256
                    + "; the file was changed");
      }
      directory.verify(PolyLmOptions.Verify.NONE);
    }
  }

  /** A sparse file: what it would take to hash it is what is not to be spent. */
  @Test
  void largeWeightsAreReadOnlyWhereAll() throws IOException {
    Path weights = folder.resolve("model.onnx.data");
    long large = (256L << 20) + 1;
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.setLength(large);
    }
    TreeMap<String, FileFacts> files =
        new TreeMap<>(
            Map.of(
                "model.onnx", new FileFacts(5, GRAPH_SHA_256),
                "model.onnx.data", new FileFacts(large, SHA_256)));
    Files.writeString(folder.resolve("manifest.json"), manifest(files).toJson());
    try (ModelDirectory directory = ModelDirectory.open(folder)) {
      directory.verify(PolyLmOptions.Verify.SMALL);
      assertThatThrownBy(() -> directory.verify(PolyLmOptions.Verify.ALL))
          .hasMessageStartingWith(weights + ": has " + large + " bytes with SHA-256 ");
    }
  }

  @Test
  void aByteOrderMarkChangesNothing() throws IOException {
    Path file = folder.resolve("manifest.json");
    Files.writeString(file, "\uFEFF" + Files.readString(file));
    try (ModelDirectory directory = ModelDirectory.open(folder)) {
      assertThat(directory.manifest()).isEqualTo(manifest());
    }
  }

  @Test
  void aManifestWithoutEndIsRefused() throws IOException {
    Path file = folder.resolve("manifest.json");
    Files.writeString(file, " ".repeat(16_777_217));
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(file + ": is longer than 16777216 bytes, expected a small JSON file");
  }

  @Test
  void aFileOutsideTheFolderIsRefused() throws IOException {
    replace("\"model.onnx\"", "\"../model.onnx\"");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage(
            "manifest.json: names the file \"../model.onnx\"; expected letters, digits, '.', '_'"
                + " and '-' only");
  }

  @Test
  void aManifestOfAnotherFormatIsRefused() throws IOException {
    replace("\"format\" : 1", "\"format\" : 9");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage(
            "manifest.json: has format 9, this version reads format 1; export the model again");
  }

  @Test
  void whatThisVersionCanNotRunIsRefused() throws IOException {
    replace("\"fused\"", "\"round\"");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage("manifest.json: has graph round; this version runs [fused, portable]");
    replace("\"round\"", "\"fused\"");
    replace("\"weights\" : \"fp32\"", "\"weights\" : \"int3\"");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage("manifest.json: has weights int3; this version runs [fp32, fp16, int8, int4]");
    replace("\"weights\" : \"int3\"", "\"weights\" : \"int4\"");
    replace("\"kv_cache\" : \"fp32\"", "\"kv_cache\" : \"int4\"");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage("manifest.json: has kv_cache int4; this version runs [fp32, fp16, int8]");
    replace("\"weights\" : \"int4\"", "\"weights\" : \"fp16\"");
    replace("\"kv_cache\" : \"int4\"", "\"kv_cache\" : \"int8\"");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessage(
            "manifest.json: has weights fp16 and kv_cache int8; ONNX Runtime's attention supports"
                + " an int8 cache only with 32-bit floats: export the model again with one of the"
                + " two");
  }

  @Test
  void impossibleSizesAreRefused() throws IOException {
    replace("\"head_dim\" : 16", "\"head_dim\" : 17");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessageStartingWith("manifest.json: the model's sizes are impossible");
  }

  /** A name for each tensor of so many layers would not fit into memory. */
  @ParameterizedTest
  @ValueSource(strings = {"vocab_size", "context_length", "layers"})
  void sizesBeyondAnyModelAreRefused(String size) throws IOException {
    Path manifest = folder.resolve("manifest.json");
    String json =
        Files.readString(manifest)
            .replaceFirst("\"%s\" : \\d+".formatted(size), "\"%s\" : 2000000000".formatted(size));
    Files.writeString(manifest, json);
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .hasMessageStartingWith("manifest.json: the model's sizes are impossible");
  }

  @Test
  void brokenJsonIsRefused() throws IOException {
    for (String text : new String[] {"", "null", "[]", "{", "{\"format\": \"x\"}", "{}{}"}) {
      Files.writeString(folder.resolve("manifest.json"), text);
      assertThatThrownBy(() -> ModelDirectory.open(folder))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("manifest.json: ");
    }
    Files.write(folder.resolve("manifest.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> ModelDirectory.open(folder)).hasMessageEndingWith("is not UTF-8");
  }

  @Test
  void aClassPathModelIsUnpackedAndDeleted() throws IOException {
    withClassPath(
        new Path[] {jarLike("classes")},
        () -> {
          Path graph;
          try (ModelDirectory directory = ModelDirectory.openEmbedded()) {
            graph = directory.file("model.onnx");
            assertThat(graph).hasContent("graph");
          }
          assertThat(graph).doesNotExist();
          assertThat(graph.getParent()).doesNotExist();
        });
  }

  private Path jarLike(String name) throws IOException {
    Path jarLike = folder.resolve(name);
    Path resources = Files.createDirectories(jarLike.resolve("META-INF/polylm-model"));
    for (String file : new String[] {"manifest.json", "model.onnx"}) {
      Files.copy(folder.resolve(file), resources.resolve(file));
    }
    return jarLike;
  }

  @Test
  void copiesOfAModelAreOne() throws IOException {
    withClassPath(
        new Path[] {jarLike("first"), jarLike("second")},
        () -> {
          try (ModelDirectory directory = ModelDirectory.openEmbedded()) {
            assertThat(directory.file("model.onnx")).hasContent("graph");
          }
        });
  }

  @Test
  void twoModelsOnAClassPathAreRefused() throws IOException {
    Path other = jarLike("other");
    Path manifest = other.resolve("META-INF/polylm-model/manifest.json");
    Files.writeString(manifest, Files.readString(manifest) + "\n");
    withClassPath(
        new Path[] {jarLike("one"), other},
        () ->
            assertThatThrownBy(ModelDirectory::openEmbedded)
                .hasMessageStartingWith("the class path holds 2 models [file:"));
  }

  @Test
  void aClassPathWithoutAModelIsRefused() throws IOException {
    withClassPath(
        new Path[] {},
        () ->
            assertThatThrownBy(ModelDirectory::openEmbedded)
                .hasMessage(
                    "the class path holds 0 models [], expected one; add polylm-tiny or open a"
                        + " folder"));
  }

  private static void withClassPath(Path[] classPath, Runnable action) throws IOException {
    URL[] urls = new URL[classPath.length];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = classPath[i].toUri().toURL();
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls, null)) {
      thread.setContextClassLoader(loader);
      action.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
