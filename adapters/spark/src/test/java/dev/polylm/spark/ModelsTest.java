package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.spark.OpenModels.Lease;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The models of a JVM, and what outlives a Spark context. */
final class ModelsTest {
  private static Lease lease(String path) {
    return OpenModels.lease(new ModelSource(path, 4), Map.of());
  }

  private static Path unzippedModel(Path folder) throws Exception {
    Path model = Files.createDirectory(folder.resolve("model"));
    try (FileSystem zip = FileSystems.newFileSystem(LocalCluster.zippedModel(folder));
        Stream<Path> files = Files.list(zip.getPath("/"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName().toString()));
      }
    }
    return model;
  }

  @Test
  void aFolderIsOneModelHoweverItIsSpelled(@TempDir Path folder) throws Exception {
    String path = unzippedModel(folder).toString();
    try (Lease one = lease(path);
        Lease same = lease(path + "/");
        Lease again = lease(folder + "/./model");
        Lease embedded = lease(null)) {
      assertThat(same.model()).isSameAs(one.model());
      assertThat(again.model()).isSameAs(one.model());
      assertThat(embedded.model()).isNotSameAs(one.model());
      assertThat(OpenModels.open()).hasSize(2);
    }
    assertThat(OpenModels.open()).isEmpty();
  }

  @Test
  void anEmptyPathIsNotTheModelOnTheClassPath() {
    try (Lease embedded = lease(null)) {
      assertThat(embedded.model().generate("Rome")).isNotNull();
      assertThatThrownBy(() -> lease("")).isInstanceOf(PolyLmException.class);
    }
  }

  /** Memory has room for one. */
  @Test
  @Timeout(120)
  void aModelIsOpenedAgainOnlyAfterItIsClosed() throws Exception {
    Lease first = lease(null);
    PolyLm model = first.model();
    GenerationConfig config =
        GenerationConfig.builder().minNewTokens(400).maxNewTokens(400).build();
    CompletableFuture<GenerationResult> answer =
        model.start(GenerationRequest.ofPrompt("Rome").withConfig(config)).toCompletableFuture();
    Thread closing = new Thread(first::close);
    closing.start(); // waits for the answer
    while (!OpenModels.open().isEmpty()) {
      Thread.onSpinWait();
    }
    try (Lease second = lease(null)) {
      assertThat(answer).isDone();
      assertThat(second.model()).isNotSameAs(model);
    }
    closing.join();
  }

  private static Dataset<Row> texts(SparkSession spark) {
    return LocalSpark.texts(spark, List.of("Paris", "Rome"));
  }

  @Test
  void aWrongTimeIsASentenceBeforeAnythingIsOpen() throws Exception {
    try (SparkSession spark =
        LocalSpark.builder("local").config(OpenModels.KEEP_OPEN, "soon").getOrCreate()) {
      Dataset<Row> scored =
          new PolyLmEmbedder().setInputCol("text").setOutputCol("v").transform(texts(spark));
      assertThatThrownBy(scored::collectAsList)
          .hasStackTraceContaining(
              "spark.polylm.keepOpen is \"soon\", expected a time such as 60s");
      assertThat(OpenModels.open()).isEmpty();
      assertThat(ModelSource.cores()).isEqualTo(1);
    }
  }
}
