package dev.polylm.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The model that the tests run, and what it answers. */
final class TestModel {
  /** The request of PolyLM's model card. */
  static final String CARD =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  static final String ANSWER = "北京是中国的首都。";

  private TestModel() {}

  /** Copies the model of the class path into a folder, as an export would write it. */
  static Path copyTo(Path folder) {
    for (String file :
        new String[] {
          "generation_config.json",
          "manifest.json",
          "model.onnx",
          "model.onnx.data",
          "tokenizer.json",
          "tokenizer_config.json"
        }) {
      try (InputStream in = TestModel.class.getResourceAsStream("/META-INF/polylm-model/" + file)) {
        Files.copy(in, folder.resolve(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folder;
  }
}
