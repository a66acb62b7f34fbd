package dev.polylm.springtranslator;

import java.util.Objects;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.EntityParamSpec;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** Translates texts between PolyLM's languages. */
@RestController
class TranslationController {
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

  /** An answer in JSON. */
  record Translation(String translation) {}

  /** Sends the translation while the model generates it. */
  @PostMapping(path = "/translations", produces = MediaType.TEXT_PLAIN_VALUE)
  Flux<String> stream(@RequestBody Task task) {
    return client.prompt(task.prompt()).stream().content();
  }

  /** Sends the translation as JSON: the model can't write anything else. */
  @PostMapping(path = "/translations", produces = MediaType.APPLICATION_JSON_VALUE)
  Translation translate(@RequestBody Task task) {
    return Objects.requireNonNull(
        client
            .prompt(task.prompt())
            .call()
            .entity(Translation.class, EntityParamSpec::useProviderStructuredOutput));
  }
}
