package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.ProcessorChain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BeamSearchTest {

  @ParameterizedTest
  @EnumSource(names = {"TIME", "CANCELLED"})
  void saysWhyItWasStoppedBeforeTheFirstId(FinishReason reason) {
    GenerationConfig config = GenerationConfig.builder().numBeams(3).numReturnSequences(2).build();
    BeamSearch search =
        new BeamSearch(
            config, 0, new int[] {5}, 9, 10, ProcessorChain.builder().build(), null, null);

    search.stop(reason);

    assertThat(search.finished()).isTrue();
    assertThat(search.results()).hasSize(2);
    for (GeneratedSequence sequence : search.results()) {
      assertThat(sequence.ids()).isEmpty();
      assertThat(sequence.finishReason()).isEqualTo(reason);
      assertThat(sequence.score()).isEmpty();
    }
  }
}
