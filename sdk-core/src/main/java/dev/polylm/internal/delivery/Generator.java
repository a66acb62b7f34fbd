package dev.polylm.internal.delivery;

import dev.polylm.PolyLmException;
import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.Timings;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingTerms;
import dev.polylm.internal.decoding.DecodingTicket;
import dev.polylm.internal.decoding.DecodingTimes;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.ProcessorChainBuilder;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.internal.search.BeamSearch;
import dev.polylm.internal.search.ConfiguredProcessors;
import dev.polylm.internal.search.Hypothesis;
import dev.polylm.internal.search.SampleSearch;
import dev.polylm.internal.search.Search;
import dev.polylm.internal.text.AnswerText;
import dev.polylm.model.ModelDimensions;
import dev.polylm.prompt.Prompt;
import dev.polylm.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests: makes a search of each, has it run, and makes text of what it found.
 *
 * <p>Thread-safe.
 */
public final class Generator {
  private final ModelDimensions dimensions;
  private final DecodingRunner runner;
  private final @Nullable Tokenizer tokenizer;
  private final GenerationConfig modelDefaults;
  private final boolean logTexts;

  /**
   * Answers with a model.
   *
   * @param dimensions the model's
   * @param runner runs the model
   * @param tokenizer null where the model takes ids only
   * @param modelDefaults the settings of the model's generation_config.json
   * @param logTexts whether prompts and answers are logged
   */
  public Generator(
      ModelDimensions dimensions,
      DecodingRunner runner,
      @Nullable Tokenizer tokenizer,
      GenerationConfig modelDefaults,
      boolean logTexts) {
    this.dimensions = dimensions;
    this.runner = runner;
    this.tokenizer = tokenizer;
    this.modelDefaults = modelDefaults;
    this.logTexts = logTexts;
  }

  /**
   * Answers a request. When the calling thread is interrupted the answer ends at once with what
   * there is, and the interrupt flag stays set. A request that waits for others to end is ended by
   * its time, too.
   *
   * @throws PolyLmException where the prompt is empty, too long or of ids out of range, or the
   *     settings contradict one another or need a text of a model that takes ids only, or the
   *     runner refuses it
   */
  public GenerationResult generate(GenerationRequest request) {
    return generate(request, new GenerationControl());
  }

  /**
   * Answers a request on a thread of its own.
   *
   * @param guard makes what runs on that thread of the generation
   */
  public GenerationHandle start(
      GenerationRequest request, UnaryOperator<Supplier<GenerationResult>> guard) {
    GenerationControl control = new GenerationControl();
    return GenerationHandle.start(control, guard.apply(() -> generate(request, control)));
  }

  /**
   * The text of an answer, piece by piece, while it is made on a thread of its own.
   *
   * @param starter starts a generation
   * @throws PolyLmException where the request has a text listener
   */
  public static Stream<String> stream(
      GenerationRequest request, Function<GenerationRequest, GenerationHandle> starter) {
    checkNoListener(request, "a stream");
    TextIterator pieces = new TextIterator(request, starter);
    int characteristics = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pieces, characteristics), false)
        .onClose(pieces::close);
  }

  /**
   * Publishes the text of answers; each subscriber has a generation of its own.
   *
   * @param starter starts a generation
   * @throws PolyLmException where the request has a text listener
   */
  public static Flow.Publisher<String> publisher(
      GenerationRequest request, Function<GenerationRequest, GenerationHandle> starter) {
    checkNoListener(request, "a publisher");
    return new TextPublisher(request, starter);
  }

  private static void checkNoListener(GenerationRequest request, String what) {
    if (request.textListener() != null) {
      throw new PolyLmException(
          "the request has a text listener, and %s has its own; must have none".formatted(what));
    }
  }

  private GenerationResult generate(GenerationRequest request, GenerationControl control) {
    GenerationResult result = answer(request, control);
    if (logTexts) {
      TextLog.log(request, result, tokenizer != null);
    }
    return result;
  }

  private GenerationResult answer(GenerationRequest request, GenerationControl control) {
    GenerationConfig config = request.config().over(modelDefaults);
    check(request, config);
    List<int[]> prompts = prompts(request, config);
    int maxLength = maxLength(config, prompts);
    long seed = config.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
    ProcessorChainBuilder processors = ConfiguredProcessors.of(config, maxLength, vocabSize());
    request.processors().accept(processors);
    ProcessorChain chain = processors.build();
    PieceHandover pieces = new PieceHandover();
    if (config.numBeams() > 1) {
      BeamSearch search =
          new BeamSearch(config, seed, prompts.get(0), maxLength, vocabSize(), chain, tokenizer);
      Timings timings = run(search, request, config, control, pieces);
      return result(search, config, seed, DraftCounts.NONE, timings);
    }
    Consumer<String> listener = request.textListener() == null ? piece -> {} : pieces;
    SampleSearch search =
        new SampleSearch(config, seed, prompts, maxLength, vocabSize(), chain, tokenizer, listener);
    Timings timings = run(search, request, config, control, pieces);
    return result(search, config, seed, search.draftCounts(), timings);
  }

  /** Has a search run to its end, or until it is ended; the listener hears it meanwhile. */
  private Timings run(
      Search search,
      GenerationRequest request,
      GenerationConfig config,
      GenerationControl control,
      PieceHandover pieces) {
    Duration begun = control.elapsed();
    DecodingTicket ticket =
        runner.submit(
            search, new DecodingTerms(request.priority(), control.timeLeft(config.maxTime())));
    control.started(ticket);
    Consumer<String> listener = request.textListener();
    if (listener != null) {
      pieces.giveUntilTheEnd(ticket, listener);
    }
    switch (ticket.await()) {
      case FINISHED -> {}
      case CANCELLED -> search.stop(FinishReason.CANCELLED);
      case TIMED_OUT -> search.stop(FinishReason.TIME);
    }
    if (listener != null) {
      pieces.giveRest(listener);
    }
    DecodingTimes times = ticket.times();
    Duration queue = begun.plus(times.queued());
    return new Timings(
        queue, times.prompt(), queue.plus(times.prompt()), times.decoding(), times.steps());
  }

  private GenerationResult result(
      Search search, GenerationConfig config, long seed, DraftCounts drafts, Timings timings) {
    List<GeneratedSequence> sequences = new ArrayList<>();
    for (Hypothesis hypothesis : search.results()) {
      String text =
          tokenizer == null ? null : AnswerText.of(tokenizer, config, hypothesis.newIds()).text();
      sequences.add(
          new GeneratedSequence(
              hypothesis.newIds(),
              text,
              hypothesis.finishReason(),
              hypothesis.score(),
              hypothesis.tokenLogprobs(),
              hypothesis.topLogprobs()));
    }
    return new GenerationResult(sequences, search.prompts().get(0).length, seed, drafts, timings);
  }

  private int vocabSize() {
    return dimensions.vocabSize();
  }

  private void check(GenerationRequest request, GenerationConfig config) {
    if (!config.stopStrings().isEmpty()) {
      requireTokenizer("stop_strings end a text");
    }
    if (request.textListener() == null) {
      return;
    }
    requireTokenizer("a listener hears a text");
    if (config.numBeams() > 1 || config.numReturnSequences() > 1) {
      throw new PolyLmException(
          "a text listener hears one sequence as it is made; num_beams is %d, num_return_sequences is %d"
              .formatted(config.numBeams(), config.numReturnSequences()));
    }
  }

  private Tokenizer requireTokenizer(String why) {
    if (tokenizer == null) {
      throw new PolyLmException("the model takes ids only, it has no tokenizer for a text: " + why);
    }
    return tokenizer;
  }

  /** The prompt's ids, and with guidance those of the negative prompt. */
  private List<int[]> prompts(GenerationRequest request, GenerationConfig config) {
    int[] promptIds = promptIds(request);
    dimensions.checkIds(promptIds);
    if (config.guidanceScale() == 1) {
      return List.of(promptIds);
    }
    if (config.numBeams() > 1) {
      throw new PolyLmException(
          "guidance_scale is %s and num_beams is %d: guidance works without beams only"
              .formatted(config.guidanceScale(), config.numBeams()));
    }
    int[] negativeIds = negativeIds(config, promptIds);
    dimensions.checkIds(negativeIds);
    return List.of(promptIds, negativeIds);
  }

  private int[] promptIds(GenerationRequest request) {
    Prompt prompt = request.prompt();
    if (prompt != null) {
      Tokenizer known = requireTokenizer("the prompt is one");
      known.checkFits(prompt.parts(), dimensions.contextLength());
      return PromptEncoder.encode(prompt, known);
    }
    int[] ids = request.inputIds();
    return ids == null ? new int[0] : ids;
  }

  /** As Hugging Face has it, the prompt's last id where the settings give none. */
  private int[] negativeIds(GenerationConfig config, int[] promptIds) {
    if (config.negativePrompt().isPresent()) {
      Tokenizer known = requireTokenizer("the negative prompt is one");
      known.checkFits(config.negativePrompt().get(), dimensions.contextLength());
      return known.encodePrompt(config.negativePrompt().get(), false);
    }
    if (config.negativePromptIds().isPresent()) {
      return config.negativePromptIds().get().stream().mapToInt(Integer::intValue).toArray();
    }
    return Arrays.copyOfRange(promptIds, Math.max(0, promptIds.length - 1), promptIds.length);
  }

  /** The length of prompt and answer at the most; a longer negative prompt leaves less room. */
  private int maxLength(GenerationConfig config, List<int[]> prompts) {
    int contextLength = dimensions.contextLength();
    int promptLength = prompts.get(0).length;
    int maxLength = config.maxLength(promptLength, contextLength);
    if (prompts.size() == 1) {
      return maxLength;
    }
    int negativeLength = prompts.get(1).length;
    if (negativeLength == 0 || negativeLength >= contextLength) {
      throw new PolyLmException(
          "negative prompt has %d tokens, must have at least one and fewer than the model's context of %d"
              .formatted(negativeLength, contextLength));
    }
    return Math.min(maxLength, contextLength - Math.max(0, negativeLength - promptLength));
  }
}
