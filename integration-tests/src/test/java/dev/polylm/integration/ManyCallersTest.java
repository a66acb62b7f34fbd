package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand requests of all kinds from many threads, a model of eight rows. */
@Timeout(300)
final class ManyCallersTest {
  private static final int THREADS = 32;
  private static final int REQUESTS = 1_000;
  private static final List<String> LANGUAGES =
      List.of("Chinese", "German", "Thai", "Hebrew", "Arabic", "Korean");
  private static final List<String> SETTINGS =
      List.of(
          "{\"max_new_tokens\": 24}",
          "{\"max_new_tokens\": 60, \"min_new_tokens\": 60}",
          "{\"max_new_tokens\": 24, \"num_beams\": 3}",
          "{\"max_new_tokens\": 16, \"num_beams\": 4, \"num_return_sequences\": 2}",
          "{\"max_new_tokens\": 24, \"do_sample\": true, \"temperature\": 2.0, \"seed\": 11}",
          "{\"max_new_tokens\": 12, \"do_sample\": true, \"num_return_sequences\": 3, \"seed\": 5}",
          "{\"max_new_tokens\": 20, \"guidance_scale\": 1.5}",
          "{\"max_new_tokens\": 40, \"prompt_lookup_num_tokens\": 4}",
          "{\"max_new_tokens\": 30, \"stop_strings\": [\" \"]}",
          "{\"max_new_tokens\": 1}");

  /** What is asked: one of some prompts with one of some settings. */
  private record Question(String prompt, String settings) {
    static Question of(int index) {
      String prompt =
          "Beijing is the capital of China.\nTranslate this sentence from English to "
              + LANGUAGES.get(index % LANGUAGES.size())
              + ".";
      // Some prompts are longer than a chunk.
      String text = index % 7 == 0 ? "Beijing is the capital of China.\n".repeat(20) : "";
      return new Question(text + prompt, SETTINGS.get(index % SETTINGS.size()));
    }

    GenerationRequest request(String more) {
      String json = settings.replace("}", more + "}");
      return GenerationRequest.ofPrompt(prompt).withConfig(GenerationConfig.fromJson(json));
    }

    boolean hasBeams() {
      return settings.contains("num_beams");
    }
  }

  /** What the JVM itself keeps of a first use, such as a buffer for copying files. */
  @BeforeAll
  static void useOnce() {
    try (PolyLm polyLm = open(true)) {
      polyLm.generate(Question.of(0).request(""));
    }
  }

  private static long directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static PolyLm open(boolean prefixReuse) {
    PolyLmOptions options =
        PolyLmOptions.builder().maxRows(8).promptChunk(64).prefixReuse(prefixReuse).build();
    return PolyLm.openEmbedded(options);
  }

  @Test
  void eachAnswerIsThatOfTheRequestAloneAndTheMemoryIsAsBefore() throws Exception {
    long before = directBytes();
    try (PolyLm polyLm = open(true)) {
      askAll(polyLm, REQUESTS);
    }
    assertThat(directBytes()).isEqualTo(before);
  }

  @Test
  void nothingIsKeptWhereNothingIsReused() throws Exception {
    long before = directBytes();
    try (PolyLm polyLm = open(false)) {
      askAll(polyLm, REQUESTS / 10);
      while (directBytes() != before) { // the last answer is there before its rows are freed
        Thread.onSpinWait();
      }
    }
  }

  private static void askAll(PolyLm polyLm, int requests) throws Exception {
    List<GenerationResult> alone = new ArrayList<>();
    int questions = LANGUAGES.size() * SETTINGS.size();
    for (int i = 0; i < questions; i++) {
      alone.add(polyLm.generate(Question.of(i).request("")));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        int number = i;
        answers.add(threads.submit(() -> ask(polyLm, number, alone.get(number % questions))));
      }
      int whole = 0;
      for (Future<Boolean> answer : answers) {
        whole += answer.get() ? 1 : 0;
      }
      // Three of five are let go on to their end, and some of the others are ended.
      assertThat(whole).isBetween(requests * 3 / 5, requests - 1);
    } finally {
      threads.shutdownNow();
    }
  }

  /** True where the answer is whole. */
  private static boolean ask(PolyLm polyLm, int number, GenerationResult alone) {
    Random random = new Random(number);
    Question question = Question.of(number % (LANGUAGES.size() * SETTINGS.size()));
    GenerationResult result;
    switch (number % 5) {
      case 0 -> {
        String maxTime = ", \"max_time\": " + (1 + random.nextInt(50)) / 1e3;
        result = polyLm.generate(question.request(maxTime));
      }
      case 1 -> {
        GenerationHandle handle = polyLm.start(question.request(""));
        for (int spins = random.nextInt(100_000); spins > 0; spins--) {
          Thread.onSpinWait();
        }
        handle.cancel();
        result = handle.result();
      }
      default -> result = polyLm.generate(question.request(""));
    }
    boolean ended =
        result.sequences().stream()
            .map(GeneratedSequence::finishReason)
            .anyMatch(List.of(FinishReason.CANCELLED, FinishReason.TIME)::contains);
    if (!ended) {
      check(result, alone);
    } else if (!question.hasBeams()) {
      checkBeginning(result, alone);
    }
    assertThat(ended && number % 5 > 1).isFalse();
    return !ended;
  }

  private static void check(GenerationResult result, GenerationResult alone) {
    assertThat(result.sequences()).hasSameSizeAs(alone.sequences());
    for (int i = 0; i < result.sequences().size(); i++) {
      GeneratedSequence sequence = result.sequences().get(i);
      GeneratedSequence expected = alone.sequences().get(i);
      assertThat(sequence.ids()).isEqualTo(expected.ids());
      assertThat(sequence.text()).isEqualTo(expected.text());
      assertThat(sequence.finishReason()).isEqualTo(expected.finishReason());
    }
  }

  private static void checkBeginning(GenerationResult result, GenerationResult alone) {
    for (int i = 0; i < result.sequences().size(); i++) {
      int[] ids = result.sequences().get(i).ids();
      int[] expected = alone.sequences().get(i).ids();
      assertThat(ids).isEqualTo(Arrays.copyOf(expected, ids.length));
    }
  }
}
