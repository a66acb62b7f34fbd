package dev.polylm.jakarta.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void aByteOrderMarkAndLineBreaksChangeNothing() {
    assertThat(Json.parse("\uFEFF{\r\n\"a\": 1}\r\n".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Json.parse("{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
  }
}
