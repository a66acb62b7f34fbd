package dev.polylm.internal.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.Acceptance;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ToolUseTest {
  private static final Tool WEATHER =
      new Tool(
          "getWeather",
          "Says how the weather is\n in a city.",
          json(
              """
              {"type": "object", "required": ["city"], "properties": {
                 "city": {"type": "string"},
                 "days": {"type": "array", "items": {"type": "integer"}},
                 "unit": {"enum": ["celsius", "fahrenheit"]}}}"""));
  private static final Tool CLOCK = new Tool("clock", null, json("{\"type\": \"object\"}"));

  private static final String CALL =
      "{\"name\":\"getWeather\",\"arguments\":{\"city\":\"M\u00fcnchen }]\\\"\"}}";
  private static final String SECOND_CALL =
      "{\"name\":\"getWeather\",\"arguments\":{\"city\": \"Rome\", \"days\": [1, 2]}}";

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static ToolUse use(boolean required, boolean parallel, @Nullable String response) {
    return new ToolUse(
        List.of(WEATHER, CLOCK), required, parallel, response == null ? null : json(response));
  }

  private static String calls(String... calls) {
    return "{\"tool_calls\":[" + String.join(",", calls) + "]}";
  }

  @Test
  void theConstraintAllowsCallsAndResponses() {
    Constraint any = use(false, true, null).constraint();
    assertThat(Acceptance.accepts(any, calls(CALL))).isTrue();
    assertThat(Acceptance.accepts(any, calls(CALL, SECOND_CALL))).isTrue();
    assertThat(Acceptance.accepts(any, calls("{\"name\":\"clock\",\"arguments\":{\"a\": 1}}")))
        .isTrue();
    assertThat(Acceptance.accepts(any, "{\"response\":\"It is\\nsunny.\"}")).isTrue();
    for (String wrong :
        List.of(
            "sunny",
            "{\"response\":1}",
            calls(),
            calls("{\"name\":\"getTime\",\"arguments\":{}}"),
            calls("{\"name\":\"getWeather\",\"arguments\":{}}"),
            calls("{\"name\":\"getWeather\",\"arguments\":{\"city\":\"Rome\",\"country\":\"It\"}}"),
            calls("{\"name\":\"getWeather\",\"arguments\":{\"city\":\"R\",\"unit\":\"kelvin\"}}"),
            calls(CALL) + " ")) {
      assertThat(Acceptance.accepts(any, wrong)).as(wrong).isFalse();
    }
  }

  @Test
  void theConstraintHoldsWhatIsAskedFor() {
    assertThat(Acceptance.accepts(use(true, true, null).constraint(), "{\"response\":\"a\"}"))
        .isFalse();
    assertThat(Acceptance.accepts(use(true, true, null).constraint(), calls(CALL))).isTrue();
    assertThat(Acceptance.accepts(use(false, false, null).constraint(), calls(CALL))).isTrue();
    assertThat(Acceptance.accepts(use(false, false, null).constraint(), calls(CALL, CALL)))
        .isFalse();
    Constraint number = use(false, true, "{\"type\": \"integer\"}").constraint();
    assertThat(Acceptance.accepts(number, "{\"response\":12}")).isTrue();
    assertThat(Acceptance.accepts(number, "{\"response\":\"12\"}")).isFalse();
  }

  @Test
  void sameToolsAreCompiledOnce() {
    assertThat(use(false, true, null).constraint()).isSameAs(use(false, true, null).constraint());
    assertThat(use(false, true, null).constraint())
        .isNotSameAs(use(false, false, null).constraint());
  }

  @Test
  void objectsAreClosedOnlyWhereThatExcludesNothingNamed() {
    assertThat(
            ClosedSchema.of(
                json(
                    "{\"properties\":{\"a\":{\"properties\":{}},\"b\":{\"properties\":{\"c\":true}}}}")))
        .isEqualTo(
            json(
                "{\"properties\":{\"a\":{\"properties\":{}},\"b\":{\"properties\":{\"c\":true},"
                    + "\"additionalProperties\":false}},\"additionalProperties\":false}"));
    assertThat(ClosedSchema.of(json("{\"properties\":{}}")))
        .isEqualTo(json("{\"properties\":{},\"additionalProperties\":false}"));
    assertThat(
            ClosedSchema.of(
                json(
                    "{\"anyOf\":[{\"items\":{\"$ref\":\"#/$defs/a\"}},{\"type\":\"object\"}],"
                        + "\"$defs\":{\"a\":{\"properties\":{\"b\":true}}}}")))
        .isEqualTo(
            json(
                "{\"anyOf\":[{\"items\":{\"$ref\":\"#/$defs/a\"}},{\"type\":\"object\"}],\"$defs\":"
                    + "{\"a\":{\"properties\":{\"b\":true},\"additionalProperties\":false}}}"));
    for (String open :
        List.of(
            "{\"type\":\"object\"}",
            "{\"properties\":{},\"additionalProperties\":true}",
            "{\"properties\":{},\"anyOf\":[{\"properties\":{\"b\":true}}]}",
            "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/a\",\"properties\":{}}}}",
            "{\"properties\":{\"a\":{\"allOf\":[{\"properties\":{}}]}}}",
            "true")) {
      assertThat(ClosedSchema.of(json(open))).isEqualTo(json(open));
    }
  }

  @Test
  void thePromptDescribesTheTools() {
    List<ChatMessage> described =
        use(false, true, null).describe(List.of(ChatMessage.user("How is it?")));
    assertThat(described)
        .containsExactly(
            ChatMessage.user("How is it?"),
            ChatMessage.system(
                """
                You can call these functions:
                getWeather(city: string, days?: integer[], unit?: "celsius" | "fahrenheit"): Says \
                how the weather is in a city.
                clock()
                To call, answer {"tool_calls":[{"name":"getWeather","arguments":{"city":"...","days":[1],"unit":"celsius"}}]}. \
                Otherwise answer {"response":"..."}."""));
    ToolUse typed =
        use(
            false,
            true,
            "{\"properties\": {\"sun\": {\"type\": \"boolean\"}}, \"type\": \"object\"}");
    assertThat(typed.describe(List.of()).get(0).text())
        .endsWith(" Otherwise answer {\"response\":{sun?: boolean}}.");
    assertThat(use(true, true, null).describe(List.of()).get(0).text())
        .endsWith("\"unit\":\"celsius\"}}]}.");
  }

  @Test
  void earlierTurnsReadAsTheModelWroteThem() {
    ToolUse use = use(false, true, null);
    ToolCall call = new ToolCall("1", "getWeather", "{\"city\": \"Rome\"}");
    ChatMessage calls = ToolUse.calls(List.of(call));
    assertThat(calls.role()).isEqualTo(Role.ASSISTANT);
    assertThat(calls.text())
        .isEqualTo(
            "{\"tool_calls\":[{\"name\":\"getWeather\",\"arguments\":{\"city\":\"Rome\"}}]}");
    assertThat(Acceptance.accepts(use.constraint(), calls.text())).isTrue();
    ChatMessage response = use.response("Sunny,\n\"hot\"");
    assertThat(Acceptance.accepts(use.constraint(), response.text())).isTrue();
    assertThat(ToolAnswer.of(use, response.text()).text()).isEqualTo("Sunny,\n\"hot\"");
    assertThat(ToolUse.result("getWeather", call.arguments(), "sunny"))
        .isEqualTo(ChatMessage.user("getWeather({\"city\":\"Rome\"}) returned: sunny"));
    assertThat(ToolUse.result("getWeather", null, "sunny"))
        .isEqualTo(ChatMessage.user("getWeather returned: sunny"));
  }

  @Test
  void refusesWhatCannotBeOffered() {
    assertThatThrownBy(() -> new ToolUse(List.of(), true, true, null))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("expected at least one tool, found none");
    assertThatThrownBy(() -> new ToolUse(List.of(CLOCK, CLOCK), true, true, null))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("each tool needs its own name, found clock, clock");
    assertThatThrownBy(() -> new Tool("a\"b", null, json("{}")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("no quotes, backslashes or control characters");
    Tool remote = new Tool("t", null, json("{\"properties\":{\"a\":{\"$ref\":\"http://a/b\"}}}"));
    assertThatThrownBy(() -> new ToolUse(List.of(remote), true, true, null).constraint())
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("the tool t: ")
        .hasMessageContaining("/properties/a");
  }

  /** Writes down what a listener is told. */
  private static final class Heard implements ToolAnswer.Listener {
    final List<String> events = new ArrayList<>();
    final StringBuilder text = new StringBuilder();

    @Override
    public void text(String piece) {
      text.append(piece);
    }

    @Override
    public void arguments(int index, ToolCall call, String piece) {
      assertThat(call.arguments()).endsWith(piece);
      text.append(piece);
    }

    @Override
    public void complete(int index, ToolCall call) {
      events.add(index + " " + call.name() + " " + call.arguments());
    }
  }

  private static Heard heard(ToolUse use, String answer, int split) {
    Heard heard = new Heard();
    ToolAnswer reader = new ToolAnswer(use, heard);
    for (int i = 0; i < answer.length(); i += split) {
      reader.read(answer.substring(i, Math.min(answer.length(), i + split)));
    }
    return heard;
  }

  @Test
  void callsAreReadHoweverTheTextArrives() {
    ToolUse use = use(false, true, null);
    String answer = calls(CALL, SECOND_CALL);
    for (int split = 1; split <= answer.length(); split++) {
      Heard heard = heard(use, answer, split);
      assertThat(heard.events)
          .containsExactly(
              "0 getWeather {\"city\":\"M\u00fcnchen }]\\\"\"}",
              "1 getWeather {\"city\": \"Rome\", \"days\": [1, 2]}");
      assertThat(heard.text.toString())
          .isEqualTo("{\"city\":\"M\u00fcnchen }]\\\"\"}{\"city\": \"Rome\", \"days\": [1, 2]}");
    }
    List<ToolCall> whole = ToolAnswer.of(use, answer).calls();
    assertThat(whole).extracting(ToolCall::id).doesNotHaveDuplicates().allMatch(i -> !i.isEmpty());
    assertThat(ToolAnswer.of(use, answer).text()).isEmpty();
  }

  @Test
  void responsesAreReadHoweverTheTextArrives() {
    String text = "a\"\\\n\t\u0001\u00e9\ud83d\ude00}";
    String answer = "{\"response\":\"a\\\"\\\\\\n\\t\\u0001\u00e9\ud83d\ude00}\"}";
    ToolUse use = use(false, true, null);
    ToolUse number = use(false, true, "{\"type\":\"object\"}");
    for (int split = 1; split <= answer.length(); split++) {
      assertThat(heard(use, answer, split).text.toString()).isEqualTo(text);
      assertThat(heard(number, "{\"response\":{\"a\": \"}\"}}", split).text.toString())
          .isEqualTo("{\"a\": \"}\"}");
    }
  }

  @Test
  void anAnswerThatIsCutOffHasItsCompleteCalls() {
    ToolUse use = use(false, true, null);
    String answer = calls(CALL, SECOND_CALL);
    int firstEnds = answer.indexOf(SECOND_CALL) - 1;
    for (int end = 0; end < answer.length(); end++) {
      int expected = end >= answer.length() - 2 ? 2 : end >= firstEnds ? 1 : 0;
      assertThat(ToolAnswer.of(use, answer.substring(0, end)).calls()).hasSize(expected);
    }
    assertThat(ToolAnswer.of(use, "{\"response\":\"It is").text()).isEqualTo("It is");
    assertThat(ToolAnswer.of(use, "{\"response\":\"It is\\u00").text()).isEqualTo("It is");
  }
}
