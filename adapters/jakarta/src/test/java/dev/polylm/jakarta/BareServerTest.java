package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.jakarta.server.JerseyServer;
import dev.polylm.jakarta.server.TestServer;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has nothing of what is optional. */
@Tag("bare")
final class BareServerTest extends ChatContract {
  @Override
  TestServer start(Map<String, String> config) {
    return new JerseyServer(config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dev.langchain4j.model.chat.ChatModel",
        "dev.polylm.langchain4j.PolyLmChatModel",
        "io.micrometer.core.instrument.Metrics",
        "org.eclipse.microprofile.health.HealthCheck"
      })
  void whatIsOptionalIsNotThere(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }
}
