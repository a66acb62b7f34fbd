package dev.polylm.jakarta.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationSetting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Garbles good requests, the same way for the same seed. */
public final class RequestMutator {
  private static final List<String> CHATS =
      List.of(
          "{'messages':[{'role':'user','content':'Paris is the capital of"
              + " France.'}],'max_tokens':3}",
          "{'model':'polylm-tiny','messages':[{'role':'system','content':'a'},{'role':'user',"
              + "'content':[{'type':'text','text':'Paris'}]}],'temperature':0.7,'top_p':0.9,'n':2,"
              + "'stop':['x','y'],'seed':1,'logprobs':true,'top_logprobs':3,'max_tokens':4}",
          "{'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'b'},"
              + "{'role':'user','content':'c'}],'stream':true,'stream_options':{'include_usage':true},"
              + "'logit_bias':{'5':-3},'frequency_penalty':1,'presence_penalty':-1,'max_tokens':4}",
          "{'messages':[{'role':'user','content':'a'},{'role':'assistant','tool_calls':[{'id':'c',"
              + "'function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'c',"
              + "'content':'d'}],'tools':[{'type':'function','function':{'name':'f','parameters':"
              + "{'type':'object','properties':{'a':{'enum':[1,2]}}}}}],'tool_choice':{'type':"
              + "'function','function':{'name':'f'}},'max_tokens':4}",
          "{'messages':[{'role':'user','content':'a'}],'response_format':{'type':'json_schema',"
              + "'json_schema':{'schema':{'type':'array','items':{'type':'integer'}}}},"
              + "'max_tokens':4}");
  private static final List<String> COMPLETIONS =
      List.of(
          "{'prompt':'Paris','max_tokens':3,'echo':true,'logprobs':2}",
          "{'prompt':['a','b'],'best_of':3,'n':2,'temperature':1.5,'max_tokens':3,'stop':'z'}",
          "{'prompt':[5,6,7],'num_beams':3,'n':2,'length_penalty':1.5,'early_stopping':true,"
              + "'max_tokens':4}",
          "{'prompt':[[5,6],[7]],'stream':true,'max_tokens':4,'do_sample':true,'top_k':5,"
              + "'typical_p':0.9,'repetition_penalty':1.2,'no_repeat_ngram_size':2}");
  private static final List<String> FIELDS =
      List.of(
          "messages",
          "prompt",
          "model",
          "temperature",
          "top_p",
          "n",
          "best_of",
          "stream",
          "stop",
          "max_tokens",
          "max_completion_tokens",
          "logprobs",
          "top_logprobs",
          "logit_bias",
          "echo",
          "seed",
          "stream_options",
          "user",
          "tools",
          "tool_choice",
          "response_format",
          "structured_outputs",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "grammar",
          "suffix",
          "anything");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "2",
          "0.5",
          "-0.0",
          "1e-320",
          "1e400",
          "1e308",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "92233720368547758080",
          "\"\"",
          "\"a\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\\n\"",
          "\"</s>\"",
          "\"<|user|>\"",
          "[]",
          "{}",
          "[[]]",
          "[null]",
          "[0]",
          "[-1]",
          "[8191]",
          "[8192]",
          "[\"\"]",
          "[[1,2]]",
          "[[[1],2.5]]",
          "{\"a\":1}",
          "{\"1\":100}",
          "[1,2]",
          "[3,1.01]",
          "\"\u05d0\u0301\ud83d\ude00\"",
          "1".repeat(200),
          "\"" + "x".repeat(3000) + "\"",
          "[".repeat(200) + "]".repeat(200));

  private final Random random;
  private final List<String> names = new ArrayList<>(FIELDS);

  public RequestMutator(long seed) {
    random = new Random(seed);
    GenerationConfig.settings().stream().map(GenerationSetting::name).forEach(names::add);
  }

  /** A request that may be wrong in any way. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Request(String path, String contentType, byte[] body) {
    @Override
    public String toString() {
      String text = new String(body, StandardCharsets.UTF_8);
      return path + " " + contentType + " " + text.substring(0, Math.min(text.length(), 500));
    }
  }

  public Request next() {
    boolean chat = random.nextBoolean();
    String text = pick(chat ? CHATS : COMPLETIONS).replace('\'', '"');
    byte[] body = random.nextInt(3) > 0 ? otherFields(text) : text.getBytes(StandardCharsets.UTF_8);
    int garbled = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
    for (int i = 0; i < garbled; i++) {
      body = garble(body);
    }
    boolean otherPath = random.nextInt(10) == 0;
    String path = chat ^ otherPath ? "v1/chat/completions" : "v1/completions";
    String type =
        random.nextInt(50) == 0
            ? pick(List.of("text/plain", "*/*", "x/y", "application/json;charset=x"))
            : "application/json";
    return new Request(path, type, body);
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** Sets fields anywhere in the JSON to something else. */
  private byte[] otherFields(String text) {
    ObjectNode body = (ObjectNode) Client.json(text);
    int changes = 1 + random.nextInt(3);
    List<String> raw = new ArrayList<>();
    for (int i = 0; i < changes; i++) {
      JsonNode place = random.nextInt(4) == 0 ? inside(body) : body;
      String mark = "@" + i + "@";
      if (place instanceof ArrayNode list && !list.isEmpty()) {
        list.set(random.nextInt(list.size()), mark);
      } else if (place instanceof ObjectNode object) {
        List<String> fields = new ArrayList<>();
        object.fieldNames().forEachRemaining(fields::add);
        boolean present = random.nextBoolean() && !fields.isEmpty();
        object.put(present ? pick(fields) : pick(names), mark);
      }
      raw.add(pick(VALUES));
    }
    String json = body.toString();
    for (int i = 0; i < changes; i++) {
      json = json.replace("\"@" + i + "@\"", raw.get(i));
    }
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private JsonNode inside(JsonNode node) {
    List<JsonNode> containers = new ArrayList<>();
    for (JsonNode child : node) {
      if (child.isContainerNode()) {
        containers.add(child);
      }
    }
    return containers.isEmpty() || random.nextInt(3) == 0 ? node : inside(pick(containers));
  }

  /** Changes bytes. */
  private byte[] garble(byte[] body) {
    if (body.length == 0) {
      return body;
    }
    int at = random.nextInt(body.length);
    byte[] garbled = body.clone();
    switch (random.nextInt(4)) {
      case 0 -> garbled[at] = (byte) random.nextInt(256);
      case 1 -> garbled = Arrays.copyOf(body, at);
      case 2 -> garbled = Arrays.copyOfRange(body, at, body.length);
      default -> {
        garbled = Arrays.copyOf(body, body.length + at);
        System.arraycopy(body, 0, garbled, body.length, at);
      }
    }
    return garbled;
  }
}
