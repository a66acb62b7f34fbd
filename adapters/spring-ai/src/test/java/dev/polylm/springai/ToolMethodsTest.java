package dev.polylm.springai;

import dev.polylm.PolyLm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.ai.chat.model.ChatModel;

/** Methods as tools, on polylm-weather in the engine. */
final class ToolMethodsTest extends ToolMethods {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = TestModels.openWeather();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  @Override
  ChatModel getChatModel() {
    return PolyLmSpringAiChatModel.builder().polyLm(polyLm).build();
  }
}
