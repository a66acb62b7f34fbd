package dev.polylm.springai;

import dev.polylm.PolyLm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.test.chat.client.advisor.AbstractToolCallingAdvisorIT;

/**
 * Spring AI's tests of the advisor for tools that a ChatClient is given, on polylm-weather in the
 * engine.
 */
final class PolyLmToolCallingAdvisorIT extends AbstractToolCallingAdvisorIT {
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
  protected ChatModel getChatModel() {
    return PolyLmSpringAiChatModel.builder().polyLm(polyLm).build();
  }
}
