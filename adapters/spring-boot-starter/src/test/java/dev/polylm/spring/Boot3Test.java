package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.polylm.PolyLm;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

/** The same jar in an application of Spring Boot 3. */
@Tag("boot3")
final class Boot3Test {
  @EnableAutoConfiguration
  static class Application {}

  @Test
  void answersAndEnds(@TempDir Path folder) {
    TestModel.copyTo(folder);
    assertThat(SpringBootVersion.getVersion()).startsWith("3.5.");
    PolyLm[] opened = new PolyLm[1];
    try (ConfigurableApplicationContext context =
        SpringApplication.run(
            Application.class,
            "--polylm.models.brief.generation.max-new-tokens=2",
            "--polylm.models.brief.model.path=" + folder,
            "--polylm.model.path=" + folder)) {
      PolyLm polyLm = context.getBean(PolyLm.class);
      opened[0] = polyLm;
      assertThat(polyLm.generate(TestModel.CARD)).isEqualTo("\n" + TestModel.ANSWER);
      assertThat(context.getBean("briefChatModel", ChatModel.class).chat(TestModel.CARD))
          .isNotEmpty()
          .isNotEqualTo(TestModel.ANSWER);
    }
    assertThatThrownBy(() -> opened[0].generate("a")).hasMessage("the model is closed");
  }
}
