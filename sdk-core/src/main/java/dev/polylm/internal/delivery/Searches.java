package dev.polylm.internal.delivery;

import dev.polylm.Adapter;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.adapter.Adapters;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.ProcessorChainBuilder;
import dev.polylm.internal.prompt.PromptEncoder;
import dev.polylm.internal.scoring.ScoreReader;
import dev.polylm.internal.search.BeamSearch;
import dev.polylm.internal.search.ConfiguredProcessors;
import dev.polylm.internal.search.Constraints;
import dev.polylm.internal.search.EarlierAnswers;
import dev.polylm.internal.search.SampleSearch;
import dev.polylm.internal.search.Search;
import dev.polylm.internal.text.AnswerText;
import dev.polylm.model.ModelDimensions;
import dev.polylm.prompt.Prompt;
import dev.polylm.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a search for each request: checks the request, merges its settings with the model's, and
 * encodes its prompt. Thread-safe.
 *
 * @param dimensions the model's
 * @param tokenizer null if the model takes ids only
 * @param constraints those of all requests to the model; null if it takes ids only
 * @param modelDefaults the settings of the model's generation_config.json
 * @param answers the model's earlier answers
 * @param drafted whether a draft model guesses ids
 * @param adapters those that are loaded for the model; null if its graph takes none
 */
public record Searches(
    ModelDimensions dimensions,
    @Nullable Tokenizer tokenizer,
    @Nullable Constraints constraints,
    GenerationConfig modelDefaults,
    EarlierAnswers answers,
    boolean drafted,
    @Nullable Adapters adapters) {

  /**
   * A search that is ready to run.
   *
   * @param request the request that it answers
   * @param seed the seed of its draws
   * @param terms its priority, caller and time limit; the time began with the request
   */
  record Planned(GenerationRequest request, Search search, long seed, Terms terms) {}

  /**
   * Makes the search for a request.
   *
   * @param textListener receives the text while it is generated; null if nobody wants it
   * @throws PolyLmException if the prompt is empty, too long or has ids out of range, or the
   *     settings contradict one another or need text and the model takes ids only
   */
  Planned plan(GenerationRequest request, @Nullable Consumer<String> textListener) {
    long since = System.nanoTime();
    GenerationConfig config = request.config().over(modelDefaults);
    check(config, textListener != null);
    List<int[]> prompts = prompts(request, config);
    int maxLength = maxLength(config, prompts);
    long seed = config.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
    ProcessorChainBuilder processors = ConfiguredProcessors.of(config, maxLength, vocabSize());
    request.processors().accept(processors);
    ProcessorChain chain = processors.build();
    Consumer<String> listener = textListener == null ? piece -> {} : textListener;
    int[] promptIds = prompts.get(0);
    State state = state(request.constraint(), config, maxLength - promptIds.length);
    AnswerText.Source texts = texts(request, config, promptIds);
    Search search =
        config.numBeams() > 1
            ? new BeamSearch(config, seed, promptIds, maxLength, vocabSize(), chain, state, texts)
            : new SampleSearch(
                config,
                seed,
                prompts,
                maxLength,
                vocabSize(),
                chain,
                state,
                texts,
                answers,
                drafted && !config.reproducible(), // how much is guessed depends on times
                listener);
    request
        .promptLogprobs()
        .ifPresent(top -> search.scorePrompt(ScoreReader.ofPrompt(promptIds, top, vocabSize())));
    Terms terms =
        new Terms(
            request.priority(),
            request.caller(),
            config.maxTime().orElse(null),
            since,
            adapter(request));
    return new Planned(request, search, seed, terms);
  }

  private AnswerText.@Nullable Source texts(
      GenerationRequest request, GenerationConfig config, int[] promptIds) {
    if (request.continuesText() && request.constraint() != null) {
      throw new PolyLmException(
          "the request continues the prompt's text and has a constraint: a constraint holds for the text of the answer alone");
    }
    int[] before = request.continuesText() ? promptIds : new int[0];
    return tokenizer == null ? null : new AnswerText.Source(tokenizer, config, before);
  }

  private @Nullable LoadedAdapter adapter(GenerationRequest request) {
    Adapter adapter = request.adapter();
    return adapter == null ? null : LoadedAdapter.of(adapter, adapters);
  }

  /** Keeps an answer for the guesses of later requests, if its settings say so. */
  void keep(Planned planned, GeneratedSequence answer) {
    if (planned.request().config().over(modelDefaults).promptLookupAnswers()) {
      answers.add(answer.ids());
    }
  }

  private @Nullable State state(
      @Nullable Constraint constraint, GenerationConfig config, int maxNewTokens) {
    if (constraint == null) {
      return null;
    }
    if (constraints == null) {
      throw idsOnly("a constraint needs one");
    }
    State state = constraints.begin(constraint, config.eosTokenId());
    if (state.completesAtLimit()) {
      checkCompletable(state, config, maxNewTokens);
    }
    return state;
  }

  private static void checkCompletable(State state, GenerationConfig config, int maxNewTokens) {
    if (config.numBeams() > 1) {
      throw new PolyLmException(
          "the constraint %s completes answers at the limit and num_beams is %s: that works only without beams"
              .formatted(state, config.numBeams()));
    }
    int shortest = state.completion().length;
    if (shortest > maxNewTokens) {
      throw new PolyLmException(
          "the constraint %s completes answers at the limit and its shortest answer has %s tokens, but the limit is %s new tokens"
              .formatted(state, shortest, maxNewTokens));
    }
  }

  private int vocabSize() {
    return dimensions.vocabSize();
  }

  private void check(GenerationConfig config, boolean textWanted) {
    if (!config.stopStrings().isEmpty()) {
      requireTokenizer("stop_strings need one");
    }
    if (!textWanted) {
      return;
    }
    requireTokenizer("a text listener needs one");
    if (config.numBeams() > 1 || config.numReturnSequences() > 1) {
      throw new PolyLmException(
          "a text listener can follow only one sequence; num_beams is %s, num_return_sequences is %s"
              .formatted(config.numBeams(), config.numReturnSequences()));
    }
  }

  private Tokenizer requireTokenizer(String why) {
    if (tokenizer == null) {
      throw idsOnly(why);
    }
    return tokenizer;
  }

  private static PolyLmException idsOnly(String why) {
    return new PolyLmException("the model takes ids only: it has no tokenizer, but " + why);
  }

  /** Returns the prompt's ids, and with guidance those of the negative prompt. */
  private List<int[]> prompts(GenerationRequest request, GenerationConfig config) {
    int[] promptIds = promptIds(request);
    dimensions.checkIds(promptIds);
    if (config.guidanceScale() == 1) {
      return List.of(promptIds);
    }
    if (config.numBeams() > 1) {
      throw new PolyLmException(
          "guidance_scale is %s and num_beams is %s: guidance works only without beams"
              .formatted(config.guidanceScale(), config.numBeams()));
    }
    int[] negativeIds = negativeIds(config, promptIds);
    dimensions.checkIds(negativeIds);
    return List.of(promptIds, negativeIds);
  }

  /**
   * Returns the ids of a request's prompt.
   *
   * @throws PolyLmException if it is a text that is too long, or the model takes ids only
   */
  int[] promptIds(GenerationRequest request) {
    Prompt prompt = request.prompt();
    if (prompt != null) {
      Tokenizer known = requireTokenizer("the prompt is a text");
      known.checkFits(prompt.parts(), dimensions.contextLength());
      return PromptEncoder.encode(prompt, known);
    }
    int[] ids = request.inputIds();
    return ids == null ? new int[0] : ids;
  }

  /**
   * Returns the negative prompt's ids. If the settings have none, this is the prompt's last id, as
   * in Hugging Face.
   */
  private int[] negativeIds(GenerationConfig config, int[] promptIds) {
    if (config.negativePrompt().isPresent()) {
      Tokenizer known = requireTokenizer("the negative prompt is a text");
      known.checkFits(config.negativePrompt().get(), dimensions.contextLength());
      return known.encodePrompt(config.negativePrompt().get(), false);
    }
    if (config.negativePromptIds().isPresent()) {
      return config.negativePromptIds().get().stream().mapToInt(Integer::intValue).toArray();
    }
    return Arrays.copyOfRange(promptIds, Math.max(0, promptIds.length - 1), promptIds.length);
  }

  /**
   * Returns the greatest length of prompt and answer. A longer negative prompt leaves less room.
   */
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
          "negative prompt has %s tokens, must have at least one and fewer than the model's context of %s"
              .formatted(negativeLength, contextLength));
    }
    return Math.min(maxLength, contextLength - Math.max(0, negativeLength - promptLength));
  }
}
