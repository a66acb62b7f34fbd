package dev.polylm.export.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
  @TempDir Path folder;

  @Test
  void savedTemplatesAreTold() {
    Path saved = Path.of("src/test/resources/tokenizers/saved");

    assertThat(ChatTemplate.read(saved.resolve("5-chat")))
        .isEqualTo(new ChatTemplate("chat_template.jinja", "chat"));
    assertThat(ChatTemplate.read(saved.resolve("5-other-chat")))
        .isEqualTo(new ChatTemplate("chat_template.jinja", null));
    assertThat(ChatTemplate.read(saved.resolve("5-base"))).isNull();
  }

  /** Spellings of which Jinja, set as transformers sets it, makes the same text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {%- for m in messages -%}
            {%- if m["role"] == "user" -%}
                {{- "<|user|>\\n" ~ m["content"] ~ "\\n" -}}
            {%- elif m.role == "assistant" -%}
                {{- "<|assistant|>\\n" + m.content + "\\n" -}}
            {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}{{ "<|assistant|>\\n" }}{%- endif -%}
        """,
        """
        {% for message in messages %}
        {% if message['role'] == 'user' %}
        <|user|>
        {{ message['content'] }}
        {% else %}
        <|assistant|>
        {{ message['content'] }}
        {% endif %}
        {% if loop.last and add_generation_prompt %}
        {{ '<|assistant|>\\n' }}{% endif %}
        {% endfor %}
        """,
        "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
      })
  void spellingsOfChatAreOne(String template) throws IOException {
    assertThat(form(template)).isEqualTo("chat");
  }

  @Test
  void theOtherFormsAreKnownToo() throws IOException {
    assertThat(form("{% for m in messages %}{{ m.content + '\\n\\n' }}{% endfor %}"))
        .isEqualTo("multialpaca");
    assertThat(form("{{ messages|map(attribute=\"content\")|join(\"\\n\") }}")).isEqualTo("base");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{{ bos_token }}{% for m in messages %}{{ m.content + '\\n\\n' }}{% endfor %}",
        "{% for m in messages %}{{ m.content + '\\n' }}{% endfor %}",
        "{% for m in messages %}{{ (m.content | trim) + '\\n\\n' }}{% endfor %}",
        "{% for m in messages %}{% if m.role == 'user' %}{{ '<|user|>\\n' + m.content + '\\n' }}{% else %}{{ '<|assistant|>\\n' + m.content + eos_token + '\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}",
        "{{ '{{ {% {{ ((( ' + \"",
      })
  void whatWritesAnotherTextIsUnknown(String template) throws IOException {
    assertThat(form(template)).isNull();
  }

  @Test
  void templatesOfTheConfigAreRead() throws IOException {
    String multialpaca = "{% for m in messages %}{{ m.content + '\\n\\n' }}{% endfor %}";
    writeConfig(multialpaca);
    assertThat(ChatTemplate.read(folder))
        .isEqualTo(new ChatTemplate("tokenizer_config.json", "multialpaca"));
    writeConfig(
        List.of(
            Map.of("name", "tool_use", "template", "{{ tools }}"),
            Map.of("name", "default", "template", multialpaca)));
    assertThat(ChatTemplate.read(folder))
        .isEqualTo(new ChatTemplate("tokenizer_config.json", "multialpaca"));
  }

  @Test
  void aHugeTemplateIsRefused() throws IOException {
    assertThat(form("{{ x }}".repeat(20_000))).isNull();
    assertThatThrownBy(() -> form(" ".repeat(1_048_577)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(folder.resolve("chat_template.jinja") + ": is longer than 1048576 bytes");
  }

  private String form(String template) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), template);
    ChatTemplate read = ChatTemplate.read(folder);
    assertThat(read).isNotNull();
    return read.promptForm();
  }

  private void writeConfig(Object template) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        JsonMapper.builder().build().writeValueAsString(Map.of("chat_template", template)));
  }
}
