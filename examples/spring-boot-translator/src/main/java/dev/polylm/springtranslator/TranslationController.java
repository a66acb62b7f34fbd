package dev.polylm.springtranslator;

import dev.polylm.springai.PolyLmChatOptions;
import java.util.Objects;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** Translates texts between PolyLM's languages. */
@RestController
class TranslationController {
  private static final String SCHEMA =
      """
      {"type": "object", "required": ["translation"], "additionalProperties": false,
       "properties": {"translation": {"type": "string", "maxLength": 60}}}""";

  private final ChatClient client;

  TranslationController(ChatClient.Builder builder) {
    this.client = builder.build();
  }

  /** What is translated, with the English names of languages. */
  record Task(String text, String from, String to) {
    String prompt() {
      return "%s\nTranslate this sentence from %s to %s.".formatted(text, from, to);
    }
  }

  /** Sends the translation while the model generates it. */
  @PostMapping(path = "/translations", produces = MediaType.TEXT_PLAIN_VALUE)
  Flux<String> stream(@RequestBody Task task) {
    return client.prompt(task.prompt()).stream().content();
  }

  /** Sends the translation as JSON: the model can't write anything else. */
  @PostMapping(path = "/translations", produces = MediaType.APPLICATION_JSON_VALUE)
  String translate(@RequestBody Task task) {
    return Objects.requireNonNull(
        client
            .prompt(task.prompt())
            .options(PolyLmChatOptions.builder().outputSchema(SCHEMA).maxTokens(250))
            .call()
            .content());
  }
}
