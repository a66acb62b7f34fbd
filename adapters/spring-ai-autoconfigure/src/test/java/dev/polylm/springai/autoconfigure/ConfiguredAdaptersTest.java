package dev.polylm.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.export.AdapterExporter;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.model.AdapterFacts;
import dev.polylm.spring.PolyLmAutoConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Adapters that properties name, chosen by Spring AI's options and by qualifiers. */
final class ConfiguredAdaptersTest {
  private static final int WIDTH = 64;

  @TempDir private static Path folder;

  private final ApplicationContextRunner contexts =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  PolyLmAutoConfiguration.class, PolyLmSpringAiChatAutoConfiguration.class));

  @BeforeAll
  static void export() throws IOException {
    Exporter.export(
        ExportOptions.builder(
                Path.of("../spring-ai/src/test/resources/polylm-weather/checkpoint"),
                folder.resolve("model"))
            .name("base")
            .promptForm("chat")
            .weights(WeightType.FP32)
            .verify(false)
            .runTimeAdapters(new AdapterFacts(4, 2))
            .build(),
        ExportListener.NONE);
    AdapterExporter.export(peft(), folder.resolve("legal.adapter"), false);
  }

  /** Writes PEFT's folder of an adapter of rank 1 that changes every answer. */
  private static Path peft() throws IOException {
    String matrix = "base_model.model.transformer.h.1.mlp.c_proj.lora_";
    int numbers = 4 * WIDTH;
    String header =
        "{\"%sA.weight\":{\"dtype\":\"F32\",\"shape\":[1,%s],\"data_offsets\":[0,%s]},\"%sB.weight\":{\"dtype\":\"F32\",\"shape\":[%s,1],\"data_offsets\":[%s,%s]}}"
            .formatted(
                matrix, numbers, 4 * numbers, matrix, WIDTH, 4 * numbers, 4 * (numbers + WIDTH));
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + json.length + 4 * (numbers + WIDTH))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    for (int i = 0; file.hasRemaining(); i++) {
      file.putFloat(i % 3 - 1.1f);
    }
    Path peft = Files.createDirectory(folder.resolve("peft"));
    Files.write(peft.resolve("adapter_model.safetensors"), file.array());
    Files.writeString(
        peft.resolve("adapter_config.json"),
        "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 2}");
    return peft;
  }

  /** What an application injects. */
  static class Lawyer {
    @Autowired PolyLm polyLm;

    @Autowired
    @Qualifier("legal") Adapter legal;

    @Autowired
    @Qualifier("other:legal") Adapter ofOther;
  }

  private static ChatResponse call(ChatModel model, String name) {
    return model.call(
        new Prompt("How warm is it?", ChatOptions.builder().model(name).maxTokens(9).build()));
  }

  @Test
  void aRequestChoosesOne() {
    contexts
        .withBean(Lawyer.class)
        .withPropertyValues(
            "polylm.model.path=" + folder.resolve("model"),
            "polylm.adapters.legal=" + folder.resolve("legal.adapter"),
            "polylm.models.other.model.path=" + folder.resolve("model"),
            "polylm.models.other.adapters.legal=" + folder.resolve("legal.adapter"))
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              ChatResponse base = call(model, "base");
              ChatResponse legal = call(model, "base:legal");
              assertThat(legal.getMetadata().getModel()).isEqualTo("base:legal");
              assertThat(legal.getResult().getOutput().getText())
                  .isNotEqualTo(base.getResult().getOutput().getText());
              assertThatThrownBy(() -> call(model, "base:medical"))
                  .hasMessage(
                      "model \"base:medical\" is unknown, expected one of base, base:legal");
              Lawyer lawyer = context.getBean(Lawyer.class);
              GenerationRequest request = GenerationRequest.ofPrompt("How");
              assertThat(lawyer.polyLm.generate(request.withAdapter(lawyer.legal)).text())
                  .isNotEqualTo(lawyer.polyLm.generate(request).text());
              assertThatThrownBy(() -> lawyer.polyLm.generate(request.withAdapter(lawyer.ofOther)))
                  .hasMessageContaining("another model");
            });
  }

  @Test
  void aFileThatIsNoneIsNamed() throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong.adapter"), "nothing");
    contexts
        .withPropertyValues(
            "polylm.model.path=" + folder.resolve("model"), "polylm.adapters.legal=" + wrong)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasRootCauseMessage(
                        "%s: is not an adapter's file, expected one that polylm adapter wrote",
                        wrong));
  }
}
