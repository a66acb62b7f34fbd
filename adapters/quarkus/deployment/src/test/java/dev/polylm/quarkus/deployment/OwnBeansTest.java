package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A bean of the application's own, and a model that is never needed. */
final class OwnBeansTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(jar -> jar.addClass(OwnChatModel.class))
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.polylm.lazy", "true")
          .overrideConfigKey("quarkus.polylm.model.path", "/nowhere");

  /** Takes the place of PolyLM's. */
  @Singleton
  public static class OwnChatModel implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      throw new UnsupportedOperationException();
    }
  }

  @Inject ChatModel chatModel;

  @Test
  void takesThePlaceOfTheDefault() {
    assertThat(chatModel).isInstanceOf(OwnChatModel.class);
  }
}
