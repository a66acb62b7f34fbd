package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the models come from, and how long they live. */
class LazyModelsTest {
  private static final String CAPITAL = "What is the capital of Germany?";
  private static final String BERLIN = "Berlin is the capital of Germany.";

  @Test
  void aFolder() {
    try (PolyLmChatModel model =
        PolyLmChatModel.builder().modelPath(TestModels.replies()).threads(1).build()) {
      assertThat(model.chat(CAPITAL)).isEqualTo(BERLIN);
      assertThat(model.defaultRequestParameters().modelName()).isEqualTo("polylm-replies");
    }
  }

  @Test
  void aDeviceThatCanNotBeUsedIsAnError() {
    assertThatThrownBy(
            () ->
                PolyLmChatModel.builder()
                    .modelPath(TestModels.replies())
                    .device("cuda:1")
                    .build()
                    .chat(CAPITAL))
        .hasMessageContaining("device is cuda:1, but this ONNX Runtime has only [CPU]; expected");
  }

  /** A device that is silently not used would be a fallback. */
  @Test
  void aModelThatIsOpenKeepsItsDevice() {
    try (PolyLm polyLm = PolyLm.open(Path.of(TestModels.replies()))) {
      assertThatThrownBy(
              () -> PolyLmChatModel.builder().polyLm(polyLm).device("cuda").threads(2).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "polyLm and device are set; a model that is open keeps its device, so set only one of them");
      assertThatThrownBy(() -> PolyLmEmbeddingModel.builder().polyLm(polyLm).threads(2).build())
          .hasMessageStartingWith("polyLm and threads are set");
      assertThatThrownBy(() -> PolyLmScoringModel.builder().polyLm(polyLm).draft("x").build())
          .hasMessageStartingWith("polyLm and draft are set");
    }
  }

  @Test
  void theClassPath() {
    try (PolyLmChatModel model = PolyLmChatModel.builder().build()) {
      assertThat(
              model.chat(
                  """
                  Beijing is the capital of China.
                  Translate this sentence from English to Chinese."""))
          .isEqualTo("北京是中国的首都。");
    }
  }

  @Test
  void aFolderOfFoldersByName() {
    try (PolyLmChatModel model =
        PolyLmChatModel.builder()
            .modelsPath(TestModels.folder())
            .modelName("polylm-replies")
            .build()) {
      assertThat(model.chat(CAPITAL)).isEqualTo(BERLIN);
      ChatResponse response =
          model.chat(
              ChatRequest.builder()
                  .messages(
                      UserMessage.from("Italy\nTranslate this sentence from English to Polish."))
                  .modelName("polylm-tiny")
                  .build());
      assertThat(response.aiMessage().text()).isEqualTo("Włochy");
      assertThat(response.metadata().modelName()).isEqualTo("polylm-tiny");
    }
  }

  @Test
  void aModelThatIsShared() {
    PolyLmChatModel model;
    PolyLmLanguageModel other;
    try (PolyLm polyLm = PolyLm.open(Path.of(TestModels.replies()))) {
      model = PolyLmChatModel.builder().polyLm(polyLm).build();
      other = PolyLmLanguageModel.builder().polyLm(polyLm).build();
      assertThat(model.chat(CAPITAL)).isEqualTo(BERLIN);
      model.close();
      model.close();
      assertClosed(() -> model.chat(CAPITAL));
      assertThat(polyLm.generate("hello")).isNotEmpty();
    }
    assertThat(other.generate("hello").content()).isNotEmpty();
    other.close();
    assertClosed(() -> other.generate("hello"));
  }

  @Test
  void aModelThatIsClosedCantBeShared() {
    PolyLm polyLm = PolyLm.open(Path.of(TestModels.replies()));
    polyLm.close();
    assertClosed(() -> PolyLmChatModel.builder().polyLm(polyLm).build());
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(PolyLmException.class).hasMessage("the model is closed");
  }

  @Test
  void aNameThatIsUnknown() {
    assertThatThrownBy(
            () ->
                PolyLmChatModel.builder()
                    .modelsPath(TestModels.folder())
                    .modelName("polylm-13b")
                    .build())
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage("model \"polylm-13b\" is unknown, expected one of polylm-replies, polylm-tiny");
    try (PolyLmChatModel model =
        PolyLmChatModel.builder().modelPath(TestModels.replies()).build()) {
      assertThatThrownBy(
              () ->
                  model.chat(
                      ChatRequest.builder()
                          .messages(UserMessage.from(CAPITAL))
                          .modelName("polylm-tiny")
                          .build()))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessage("model \"polylm-tiny\" is unknown, expected one of polylm-replies");
    }
  }

  @Test
  void severalModelsAndNoName() {
    assertThatThrownBy(() -> PolyLmChatModel.builder().modelsPath(TestModels.folder()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("modelName is not set, must be one of polylm-replies, polylm-tiny");
  }

  @Test
  void twoPlaces() {
    assertThatThrownBy(
            () -> PolyLmChatModel.builder().modelPath("a").modelsPath("b").threads(1).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("modelPath and modelsPath are set; set only one of them");
  }

  @Test
  void foldersWithoutModels(@TempDir Path folder) throws Exception {
    assertFails(
        PolyLmChatModel.builder().modelPath(folder.toString()),
        folder + ": has no manifest.json; expected a folder that polylm export wrote");
    assertFails(
        PolyLmChatModel.builder().modelsPath(folder.toString()),
        folder + ": holds no model; expected folders that polylm export wrote");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertFails(
        PolyLmChatModel.builder().modelsPath(file.toString()),
        "%s: can't be read as a folder: %s".formatted(file, file));
  }

  private static void assertFails(PolyLmChatModel.Builder builder, String message) {
    assertThatThrownBy(builder::build).isInstanceOf(PolyLmException.class).hasMessage(message);
  }

  @Test
  void twoModelsOfOneName(@TempDir Path folder) throws Exception {
    for (String copy : List.of("a", "b")) {
      copy(Path.of(TestModels.replies()), folder.resolve(copy));
    }
    assertFails(
        PolyLmChatModel.builder().modelsPath(folder.toString()),
        ("%s: the model's name is polylm-replies, which another model in the same folder has too;"
                + " names must differ")
            .formatted(folder.resolve("b")));
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  /** Frameworks never close a model; its memory must not be lost with it. */
  @Test
  void aModelThatIsNeverClosedIsFreedWhenNobodyHasIt() {
    PolyLm polyLm = openAndForget();
    while (true) {
      System.gc();
      try {
        polyLm.score("a", "b");
        Thread.onSpinWait();
      } catch (PolyLmException e) {
        assertThat(e).hasMessage("the model is closed");
        return;
      }
    }
  }

  private static PolyLm openAndForget() {
    LazyModels models = PolyLmChatModel.builder().modelPath(TestModels.replies()).open(null);
    return models.ask(null, polyLm -> polyLm);
  }
}
