package dev.polylm.evaluation.run;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.Answer;
import dev.polylm.evaluation.task.ChoiceItem;
import dev.polylm.evaluation.task.GenerationItem;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.Task;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.logits.Step;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
import dev.polylm.scoring.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks a model for its answers. Thread-safe. */
public final class Answerer {
  /** The likeliest id at each step, whatever the model's own settings are. */
  private static final GenerationConfig GREEDY =
      GenerationConfig.builder()
          .doSample(false)
          .numBeams(1)
          .numReturnSequences(1)
          .minNewTokens(0)
          .includeStopString(false)
          .repetitionPenalty(1)
          .frequencyPenalty(0)
          .presencePenalty(0)
          .noRepeatNgramSize(0)
          .badWordsIds(List.of())
          .sequenceBias(Map.of())
          .logitBias(Map.of())
          .suppressTokens(List.of())
          .beginSuppressTokens(List.of())
          .guidanceScale(1)
          .build();

  private final PolyLm model;

  /**
   * @param model stays open as long as it is asked
   * @throws PolyLmException if the model has no tokenizer
   */
  public Answerer(PolyLm model) {
    model.tokenizer();
    this.model = model;
  }

  /**
   * Checks that the model's context has room for a task's answers.
   *
   * @throws PolyLmException if it has not
   */
  public void check(Task task) {
    for (Item item : task.items()) {
      if (item instanceof GenerationItem generation && room(generation) < 1) {
        throw new PolyLmException(
            "%s: the model's context is %s, must be more than the %s ids of an answer"
                .formatted(task.name(), contextLength(), generation.maxNewTokens()));
      }
    }
  }

  /**
   * Returns the model's answer to an item.
   *
   * @throws PolyLmException if the model refuses the item or is closed
   * @throws CancellationException if the thread is interrupted, or the model is closed at once
   */
  public Answer answer(Item item) {
    return item instanceof ChoiceItem choice ? likelihoods(choice) : text((GenerationItem) item);
  }

  private Answer likelihoods(ChoiceItem item) {
    List<OptionIds> options = item.options().stream().map(o -> OptionIds.of(model, o)).toList();
    int first = options.get(0).first();
    int shared = shared(options);
    boolean oneContext = options.stream().allMatch(o -> o.first() == first) && shared >= first;
    Answer.Likelihoods found = oneContext ? withSharedBeginning(options, shared) : each(options);
    List<Double> sums = new ArrayList<>();
    for (OptionIds option : options) {
      sums.add(found.sums().get(firstLike(option, options)));
    }
    return new Answer.Likelihoods(sums, found.tokens());
  }

  /** Equal options are equally likely to the last bit, although the model's sums may not be. */
  private static int firstLike(OptionIds option, List<OptionIds> options) {
    int at = 0;
    while (options.get(at).first() != option.first()
        || !Arrays.equals(options.get(at).ids(), option.ids())) {
      at++;
    }
    return at;
  }

  /** Returns how many ids all options begin with, at least one less than the shortest has. */
  private static int shared(List<OptionIds> options) {
    int[] one = options.get(0).ids();
    int shared = one.length - 1;
    for (OptionIds option : options) {
      int mismatch = Arrays.mismatch(one, option.ids());
      int same = mismatch < 0 ? one.length : mismatch;
      shared = Math.min(shared, Math.min(same, option.ids().length - 1));
    }
    return shared;
  }

  /** Scores the beginning that all options share once, and each end after it. */
  private Answer.Likelihoods withSharedBeginning(List<OptionIds> options, int shared) {
    int first = options.get(0).first();
    List<Double> sums = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    double sharedSum = 0;
    if (shared > first) {
      int[] whole = options.get(0).ids();
      Score score = model.score(head(whole, first), tail(whole, first));
      float[] logprobs = score.tokenLogprobs();
      for (int i = 0; i < shared - first; i++) {
        sharedSum += logprobs[i];
      }
      sums.add(score.sum());
    }
    List<int[]> ends =
        options.subList(sums.size(), options.size()).stream()
            .map(option -> tail(option.ids(), shared))
            .toList();
    for (Score score : model.score(head(options.get(0).ids(), shared), ends)) {
      sums.add(sharedSum + score.sum());
    }
    options.forEach(option -> tokens.add(option.ids().length - first));
    return new Answer.Likelihoods(sums, tokens);
  }

  private Answer.Likelihoods each(List<OptionIds> options) {
    List<Double> sums = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    for (OptionIds option : options) {
      int[] scored = tail(option.ids(), option.first());
      sums.add(model.score(head(option.ids(), option.first()), scored).sum());
      tokens.add(scored.length);
    }
    return new Answer.Likelihoods(sums, tokens);
  }

  private static int[] head(int[] ids, int length) {
    return Arrays.copyOf(ids, length);
  }

  private static int[] tail(int[] ids, int from) {
    return Arrays.copyOfRange(ids, from, ids.length);
  }

  private Answer text(GenerationItem item) {
    GenerationConfig config =
        GREEDY.toBuilder().maxNewTokens(item.maxNewTokens()).stopStrings(item.stops()).build();
    GeneratedSequence sequence =
        model.generate(request(item).withConfig(config)).sequences().get(0);
    checkWhole(sequence);
    return new Answer.Text(sequence.text(), sequence.ids().length);
  }

  /** An answer that was cut short must not count as the model's. */
  private static void checkWhole(GeneratedSequence sequence) {
    if (sequence.finishReason() == FinishReason.CANCELLED) {
      throw new CancellationException("the answer was cancelled");
    }
  }

  /** Returns the item's request. If the prompt is too long, its first ids are left out. */
  private GenerationRequest request(GenerationItem item) {
    PromptForm form = item.inForm() ? model.promptForm() : PromptForm.BASE;
    Prompt prompt = form.single(item.prompt());
    int[] ids = model.tokenizer().encodePrompt(prompt.parts());
    int room = room(item);
    return ids.length <= room
        ? GenerationRequest.ofPrompt(prompt)
        : GenerationRequest.ofIds(tail(ids, ids.length - room));
  }

  /** Returns how many ids a prompt may have. */
  private int room(GenerationItem item) {
    return contextLength() - item.maxNewTokens();
  }

  private int contextLength() {
    return model.manifest().model().contextLength();
  }

  /**
   * Returns the logits of the first id of an answer: of a text after its prompt, or of an option
   * where options begin to differ.
   *
   * @throws CancellationException as {@link #answer}
   */
  public float[] nextLogits(Item item) {
    AtomicReference<float @Nullable []> logits = new AtomicReference<>();
    GenerationConfig one = GREEDY.toBuilder().maxNewTokens(1).build();
    GenerationRequest request =
        item instanceof ChoiceItem choice ? beginning(choice) : request((GenerationItem) item);
    GenerationRequest listening =
        request
            .withConfig(one)
            .withProcessors(
                list ->
                    list.before(Step.SEQUENCE_BIAS, (inputIds, row) -> logits.set(row.clone())));
    checkWhole(model.generate(listening).sequences().get(0));
    return requireNonNull(logits.get(), "a generation of one id computes its logits");
  }

  private GenerationRequest beginning(ChoiceItem item) {
    List<OptionIds> options = item.options().stream().map(o -> OptionIds.of(model, o)).toList();
    return GenerationRequest.ofIds(head(options.get(0).ids(), Math.max(1, shared(options))));
  }
}
