package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's chat template and the prompt form that it writes. Templates are programs in Jinja,
 * and none is run. A known template is recognized by its parts, however they are spelled.
 *
 * @param file the file that holds it
 * @param promptForm the form that it writes, null if the template is not known
 */
public record ChatTemplate(String file, @Nullable String promptForm) {
  private static final String FILE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";
  private static final int MAX_BYTES = 1 << 20;

  /** Known templates have a few hundred characters. */
  private static final int MAX_KNOWN = 16_384;

  private static final String USER = "{% if message['role'] == 'user' %}";
  private static final String ASSISTANT = "{% elif message['role'] == 'assistant' %}";
  private static final String LOOP = "{% for message in messages %}";
  private static final String ASK = "{% if add_generation_prompt %}<|assistant|>\n{% endif %}";
  private static final String ASK_LAST =
      "{% if loop.last and add_generation_prompt %}<|assistant|>\n{% endif %}";
  private static final String CONTENT = "{{ message['content'] }}";
  private static final String USERS = "<|user|>\n" + CONTENT + "\n";
  private static final String ASSISTANTS = "<|assistant|>\n" + CONTENT + "\n";

  private static final Map<String, List<String>> KNOWN =
      new TreeMap<>(
          Map.of(
              "chat",
              List.of(
                  LOOP + USER + USERS + ASSISTANT + ASSISTANTS + "{% endif %}{% endfor %}" + ASK,
                  LOOP + USER + USERS + "{% else %}" + ASSISTANTS + "{% endif %}{% endfor %}" + ASK,
                  LOOP
                      + (USER + USERS + ASSISTANT + ASSISTANTS + "{% endif %}" + ASK_LAST)
                      + "{% endfor %}",
                  LOOP
                      + (USER + USERS + "{% else %}" + ASSISTANTS + "{% endif %}" + ASK_LAST)
                      + "{% endfor %}",
                  LOOP + "<|{{ message['role'] }}|>\n" + CONTENT + "\n{% endfor %}" + ASK,
                  LOOP
                      + "<|{{ message['role'] }}|>\n"
                      + CONTENT
                      + "\n"
                      + ASK_LAST
                      + "{% endfor %}"),
              "multialpaca",
              List.of(LOOP + CONTENT + "\n\n{% endfor %}"),
              "base",
              List.of(
                  LOOP + CONTENT + "{% if not loop.last %}\n{% endif %}{% endfor %}",
                  "{{ messages | map(attribute='content') | join('\\n') }}")));

  /**
   * Returns the template of a checkpoint's folder, or null if it has none.
   *
   * @throws PolyLmException if the file can't be read
   */
  public static @Nullable ChatTemplate read(Path directory) {
    if (Files.exists(directory.resolve(FILE))) {
      return of(FILE, content(directory.resolve(FILE)));
    }
    JsonNode template = JsonFile.readIfPresent(directory.resolve(CONFIG)).path("chat_template");
    for (JsonNode named : template.isArray() ? template : List.<JsonNode>of()) {
      if (named.path("name").asText().equals("default")) {
        template = named.path("template");
      }
    }
    return template.isTextual() ? of(CONFIG, template.textValue()) : null;
  }

  private static ChatTemplate of(String file, String template) {
    if (template.length() > MAX_KNOWN) {
      return new ChatTemplate(file, null);
    }
    String canonical = TemplateParts.canonical(template);
    for (Map.Entry<String, List<String>> form : KNOWN.entrySet()) {
      if (form.getValue().stream().map(TemplateParts::canonical).anyMatch(canonical::equals)) {
        return new ChatTemplate(file, form.getKey());
      }
    }
    return new ChatTemplate(file, null);
  }

  private static String content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new PolyLmException(file + ": is longer than " + MAX_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new PolyLmException(file + ": can't be read: " + e, e);
    }
  }
}
