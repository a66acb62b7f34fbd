package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.logits.Step;
import dev.polylm.logits.TokenSequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ProcessorChainTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;
  private final Workspace workspace = new Workspace();

  private float[] process(ProcessorChainBuilder chain, TokenSequence row, float... logits) {
    float[] processed = logits.clone();
    chain.build().process(row, processed, workspace);
    return processed;
  }

  private static TokenBuffer row(int promptLength, int... ids) {
    TokenBuffer row = TokenBuffer.ofPrompt(Arrays.copyOf(ids, promptLength));
    Arrays.stream(ids).skip(promptLength).forEach(row::append);
    return row;
  }

  @Test
  void runsAUsersProcessorAnywhere() {
    List<String> seen = new ArrayList<>();
    ProcessorChainBuilder chain =
        ProcessorChain.builder()
            .temperature(2)
            .after(Step.TEMPERATURE, (ids, logits) -> seen.add("after temperature " + logits[0]))
            .before(Step.TEMPERATURE, (ids, logits) -> seen.add("before temperature " + logits[0]))
            .custom((ids, logits) -> seen.add("custom " + logits[0]))
            .after(Step.LOGIT_NORMALIZATION, (ids, logits) -> seen.add("last"))
            .before(Step.SEQUENCE_BIAS, (ids, logits) -> seen.add("first " + logits[0]))
            .logitBias(Map.of(0, 4.0));
    process(chain, row(1, 1), 4, 0);
    assertThat(seen)
        .containsExactly(
            "first 4.0", "custom 8.0", "before temperature 8.0", "after temperature 4.0", "last");
  }

  @Test
  void sameProcessorTwiceIsTheLast() {
    assertThat(process(ProcessorChain.builder().temperature(2).temperature(4), row(1, 0), 8, 4))
        .containsExactly(2, 1);
  }

  @Test
  void isEmptyWithoutProcessors() {
    assertThat(ProcessorChain.builder().build().isEmpty()).isTrue();
    assertThat(ProcessorChain.builder().topH(0.5).build().isEmpty()).isFalse();
  }

  /** OpenAI's formula; new ids are 1, 2, 2, 2. */
  @Test
  void penalizesFrequencyAndPresenceOfNewIdsAlone() {
    TokenBuffer row = row(2, 0, 1, 1, 2, 2, 2);
    assertThat(process(ProcessorChain.builder().frequencyPenalty(0.5), row, 1, 1, 1, 1))
        .containsExactly(1, 0.5f, -0.5f, 1);
    assertThat(process(ProcessorChain.builder().presencePenalty(0.75), row, 1, 1, NONE, 1))
        .containsExactly(1, 0.25f, NONE, 1);
    ProcessorChainBuilder both = ProcessorChain.builder().frequencyPenalty(0.5).presencePenalty(-1);
    assertThat(process(both, row, 0, 0, 0, 0)).containsExactly(0, 0.5f, -0.5f, 0);
    assertThat(process(both, row, 0, 0, 0, 0)).containsExactly(0, 0.5f, -0.5f, 0);
  }

  /** A row that counts how often its ids are read. */
  private static final class CountedRow implements TokenSequence {
    private final TokenSequence row;
    private int reads;

    CountedRow(TokenSequence row) {
      this.row = row;
    }

    @Override
    public int size() {
      return row.size();
    }

    @Override
    public int get(int index) {
      reads++;
      return row.get(index);
    }

    @Override
    public int promptLength() {
      return row.promptLength();
    }
  }

  @Test
  void readsOnlySequencesThatTheRowsLastIdMayContinue() {
    Map<List<Integer>, Double> biases = new HashMap<>();
    List<List<Integer>> words = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      biases.put(List.of(1, 10 + i, 2), 1.0);
      words.add(List.of(1, 10 + i, 3));
    }
    CountedRow row = new CountedRow(row(1, 0, 1, 77));
    ProcessorChainBuilder chain =
        ProcessorChain.builder().sequenceBias(biases).badWords(words, List.of());
    assertThat(process(chain, row, 0, 0, 0, 0)).containsExactly(0, 0, 1, NONE);
    assertThat(row.reads).isLessThan(10);
  }

  @Test
  void readsARowOnceForPenaltiesAndRepeatedSequences() {
    int[] ids = new int[1000];
    Arrays.setAll(ids, i -> i % 500);
    CountedRow row = new CountedRow(row(1, ids));
    ProcessorChainBuilder chain =
        ProcessorChain.builder()
            .repetitionPenalty(1.1)
            .frequencyPenalty(0.5)
            .presencePenalty(0.5)
            .noRepeatNgram(3);
    process(chain, row, new float[500]);
    assertThat(row.reads).isLessThan(10_000);
  }

  @Test
  void addsBiasesOfIds() {
    assertThat(
            process(
                ProcessorChain.builder().logitBias(Map.of(0, 2.5, 2, -1.0)), row(1, 0), 1, 1, 1))
        .containsExactly(3.5f, 1, 0);
  }

  @Test
  void addsBiasesThatMeetAtOneId() {
    ProcessorChainBuilder chain =
        ProcessorChain.builder()
            .sequenceBias(Map.of(List.of(2), 1.0, List.of(0, 2), 10.0, List.of(1, 2), 100.0));
    assertThat(process(chain, row(2, 1, 0, 0), 0, 0, 0)).containsExactly(0, 0, 11);
    // A row shorter than the sequence is not looked at.
    assertThat(process(chain, row(1, 0), 0, 0, 0)).containsExactly(0, 0, 1);
  }

  @Test
  void rulesOutNoLoneEndOfSequence() {
    ProcessorChainBuilder chain =
        ProcessorChain.builder()
            .badWords(List.of(List.of(1), List.of(2), List.of(0, 3)), List.of(2));
    assertThat(process(chain, row(2, 3, 0), 0, 0, 0, 0)).containsExactly(0, NONE, 0, NONE);
  }

  /** In torch the first would be NaN, and the second an error. */
  @Test
  void favoursTheEndWithoutNan() {
    ProcessorChainBuilder chain =
        ProcessorChain.builder().exponentialDecayLengthPenalty(0, 1e30, List.of(0, 1, 2));
    assertThat(process(chain, row(1, 3, 3, 3), NONE, -1, 0, 5))
        .containsExactly(NONE, Float.MAX_VALUE, 0, 5);
  }

  @Test
  void replacesInvalidValues() {
    assertThat(
            process(
                ProcessorChain.builder().infNanRemove(),
                row(1, 0),
                Float.NaN,
                Float.POSITIVE_INFINITY,
                NONE,
                3))
        .containsExactly(0, Float.MAX_VALUE, -Float.MAX_VALUE, 3);
  }

  @Test
  void suppressesTheFirstIdThatIsNotForced() {
    ProcessorChainBuilder free = ProcessorChain.builder().suppressTokensAtBegin(List.of(0), false);
    assertThat(process(free, row(1, 5), 1, 1)).containsExactly(NONE, 1);
    assertThat(process(free, row(1, 5, 5), 1, 1)).containsExactly(1, 1);
    ProcessorChainBuilder forced =
        ProcessorChain.builder().suppressTokensAtBegin(List.of(0), true).forcedBos(1);
    assertThat(process(forced, row(1, 5), 1, 1)).containsExactly(NONE, 0);
    assertThat(process(forced, row(1, 5, 5), 1, 1)).containsExactly(NONE, 1);
    assertThat(process(forced, row(2, 5, 5), 1, 1)).containsExactly(NONE, 1);
  }

  @Test
  void keepsTheLowerOfEqualIdsAtTheBorderOfTopP() {
    assertThat(process(ProcessorChain.builder().topP(0.4, 1), row(1, 0), 1, 1, 1, -9))
        .containsExactly(1, 1, NONE, NONE);
  }

  @Test
  void samplingStepsRefuseInvalidValues() {
    for (ProcessorChainBuilder chain : samplers()) {
      assertThatThrownBy(() -> process(chain, row(1, 0), 1, Float.POSITIVE_INFINITY))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("the logit of id 1 is Infinity, must be a number");
      assertThatThrownBy(() -> process(chain, row(1, 0), NONE, NONE))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("every logit is minus infinity");
    }
  }

  private static List<ProcessorChainBuilder> samplers() {
    return List.of(
        ProcessorChain.builder().topP(0.5, 1),
        ProcessorChain.builder().topH(0.5),
        ProcessorChain.builder().minP(0.5, 1),
        ProcessorChain.builder().typicalP(0.5, 1),
        ProcessorChain.builder().epsilonCutoff(0.5, 1),
        ProcessorChain.builder().etaCutoff(0.5, 1));
  }

  @Test
  void workspaceServesVocabulariesOfAllSizes() {
    for (int vocabSize : new int[] {3, 5000, 2, 700}) {
      float[] logits = new float[vocabSize];
      for (int id = 0; id < vocabSize; id++) {
        logits[id] = -id;
      }
      ProcessorChainBuilder chain =
          ProcessorChain.builder().repetitionPenalty(1e6).topK(2, 1).topP(0.99, 1);
      float[] processed = process(chain, row(1, 1, 1), logits);
      assertThat(processed[0]).isZero();
      assertThat(processed[1]).isEqualTo(NONE);
    }
  }

  @Test
  void oneChainServesManyThreads() throws Exception {
    ProcessorChain chain =
        ProcessorChain.builder()
            .repetitionPenalty(1.2)
            .frequencyPenalty(0.3)
            .temperature(0.8)
            .topK(40, 1)
            .topP(0.9, 1)
            .build();
    List<Integer> alone = ids(chain, 0);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<List<Integer>>> rows = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int row = i % 2;
        rows.add(() -> ids(chain, row));
      }
      List<Future<List<Integer>>> answers = threads.invokeAll(rows);
      for (int i = 0; i < 8; i += 2) {
        assertThat(answers.get(i).get()).isEqualTo(alone);
      }
      assertThat(answers.get(1).get()).isNotEqualTo(alone);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Integer> ids(ProcessorChain chain, int rowNumber) {
    Workspace own = new Workspace();
    SeededRandom random = SeededRandom.forRow(5, rowNumber);
    TokenBuffer row = row(1, 3);
    List<Integer> ids = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      float[] logits = new float[2000];
      for (int id = 0; id < logits.length; id++) {
        logits[id] = (id * 7919 % 2000) * 0.004f;
      }
      chain.process(row, logits, own);
      row.append(Multinomial.sample(logits, random, own));
      ids.add(row.get(row.size() - 1));
    }
    return ids;
  }
}
