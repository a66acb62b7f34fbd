package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.polylm.PolyLm;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;

/** Reads requests for the vectors of texts. */
@ApplicationScoped
public class EmbeddingReader {
  private static final String INPUT = "input";
  private static final String FORMAT = "encoding_format";
  private static final String DIMENSIONS = "dimensions";

  @Inject private PolyLmSettings settings;
  @Inject private Models models;

  /**
   * Reads a request.
   *
   * @param caller who asks, for a fair share of the model's rows
   * @throws ApiException if it is wrong
   */
  public ModelCall embeddings(ObjectNode body, String caller) {
    Fields request = new Fields(body);
    ServedModel model = ModelNames.find(models, request.text("model"));
    PolyLm polyLm = ModelNames.open(model);
    boolean base64 = base64(request);
    checkDimensions(request, polyLm.manifest().model().hiddenSize());
    List<Task.SentPrompt> inputs =
        CompletionPrompts.read(
            request,
            INPUT,
            polyLm.tokenizer(),
            polyLm.manifest().model().contextLength(),
            settings.server().maxPrompts());
    PromptLimits.check(INPUT, inputs, polyLm, settings.server(), 0);
    return new ModelCall(
        INPUT,
        () -> {
          ServedModel.Use use = ModelNames.use(model);
          try (use;
              PolyLm callers = polyLm.share(caller)) {
            return answer(model.id(), callers, inputs, base64);
          }
        });
  }

  private static boolean base64(Fields request) {
    String format = request.text(FORMAT).orElse("float");
    return switch (format) {
      case "float" -> false;
      case "base64" -> true;
      default ->
          throw ApiException.badRequest(
              FORMAT, "encoding_format is \"%s\", must be float or base64.".formatted(format));
    };
  }

  private static void checkDimensions(Fields request, int size) {
    OptionalInt dimensions = request.integer(DIMENSIONS, 1, Integer.MAX_VALUE);
    if (dimensions.isPresent() && dimensions.getAsInt() != size) {
      throw ApiException.badRequest(
          DIMENSIONS,
          "dimensions is %s; this model's vectors have %s numbers."
              .formatted(dimensions.getAsInt(), size));
    }
  }

  private static ObjectNode answer(
      String model, PolyLm polyLm, List<Task.SentPrompt> inputs, boolean base64) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = answer.putArray("data");
    int tokens = 0;
    for (Task.SentPrompt input : inputs) {
      float[] vector = polyLm.embed(input.ids());
      tokens += input.ids().length;
      data.addObject()
          .put("object", "embedding")
          .put("index", data.size() - 1)
          .set("embedding", base64 ? base64(vector) : numbers(vector));
    }
    answer.put("model", model);
    answer.set("usage", Usage.ofPrompts(tokens));
    return answer;
  }

  private static JsonNode numbers(float[] vector) {
    ArrayNode numbers = JsonNodeFactory.instance.arrayNode(vector.length);
    for (float number : vector) {
      numbers.add(number);
    }
    return numbers;
  }

  /** The bytes are those of floats, the lowest first, as OpenAI's clients read them. */
  private static JsonNode base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return TextNode.valueOf(Base64.getEncoder().encodeToString(bytes.array()));
  }
}
