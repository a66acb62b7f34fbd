package dev.polylm.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.generation.GenerationConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.test.options.AbstractChatOptionsTests;

/** Spring AI's own tests of a provider's options, and those of what PolyLM adds. */
final class PolyLmChatOptionsTest
    extends AbstractChatOptionsTests<PolyLmChatOptions, PolyLmChatOptions.Builder> {
  @Override
  protected Class<PolyLmChatOptions> getConcreteOptionsClass() {
    return PolyLmChatOptions.class;
  }

  @Override
  protected PolyLmChatOptions.Builder readyToBuildBuilder() {
    return PolyLmChatOptions.builder()
        .model("m")
        .temperature(0.5)
        .topK(3)
        .topP(0.9)
        .maxTokens(7)
        .frequencyPenalty(0.1)
        .presencePenalty(0.2)
        .stopSequences(List.of("x"))
        .outputSchema("{}")
        .toolContext("user", "me")
        .generationConfig(GenerationConfig.builder().numBeams(2).build());
  }

  @Test
  void mutateKeepsEverything() {
    PolyLmChatOptions options = readyToBuildBuilder().build();
    assertThat(options.mutate().build()).isEqualTo(options).hasSameHashCodeAs(options);
    assertThat(options.mutate().generationConfig(null).build()).isNotEqualTo(options);
    assertThat(options.mutate().outputSchema("true").build()).isNotEqualTo(options);
    assertThat(options.mutate().toolContext(null).build()).isNotEqualTo(options);
  }

  @Test
  void combinesWithWhatIsSet() {
    PolyLmChatOptions.Builder before =
        PolyLmChatOptions.builder()
            .maxTokens(7)
            .generationConfig(GenerationConfig.builder().numBeams(2).lengthPenalty(0.5).build());
    PolyLmChatOptions.Builder after =
        PolyLmChatOptions.builder()
            .generationConfig(GenerationConfig.builder().numBeams(3).build());
    PolyLmChatOptions options =
        before
            .combineWith(StructuredOutputChatOptions.builder().topK(4).outputSchema("true"))
            .combineWith(after)
            .build();
    assertThat(options.getMaxTokens()).isEqualTo(7);
    assertThat(options.getTopK()).isEqualTo(4);
    assertThat(options.getOutputSchema()).isEqualTo("true");
    assertThat(options.getGenerationConfig().numBeams()).isEqualTo(3);
    assertThat(options.getGenerationConfig().lengthPenalty()).isEqualTo(0.5);
  }
}
