package dev.polylm.generation;

import dev.polylm.PolyLmException;
import dev.polylm.model.ModelDimensions;
import dev.polylm.runtime.DecodingRunner;
import dev.polylm.runtime.DecodingTerms;
import dev.polylm.runtime.DecodingTicket;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;
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

  /**
   * @param dimensions the model's
   * @param runner runs the model
   * @param tokenizer null where the model takes ids only
   * @param modelDefaults the settings of the model's generation_config.json
   */
  public Generator(
      ModelDimensions dimensions,
      DecodingRunner runner,
      @Nullable Tokenizer tokenizer,
      GenerationConfig modelDefaults) {
    this.dimensions = dimensions;
    this.runner = runner;
    this.tokenizer = tokenizer;
    this.modelDefaults = modelDefaults;
  }

  /**
   * Answers a request.
   *
   * @throws PolyLmException where the prompt is empty, too long or of ids out of range, or the
   *     settings contradict one another
   */
  public GenerationResult generate(GenerationRequest request) {
    GenerationConfig config = request.config().over(modelDefaults);
    int[] promptIds = promptIds(request);
    dimensions.checkIds(promptIds);
    int maxLength = config.maxLength(promptIds.length, dimensions.contextLength());
    TextStream text = TextStream.of(request.textListener(), config, tokenizer);
    IdHandover ids = new IdHandover();
    Search search = search(config, promptIds, maxLength, ids);
    DecodingTicket ticket = runner.submit(search, DecodingTerms.defaults());
    if (request.textListener() != null) {
      ids.giveUntilTheEnd(ticket, text);
    }
    checkFinished(ticket.await());
    text.finish();
    return new GenerationResult(sequences(search), promptIds.length);
  }

  private static void checkFinished(DecodingTicket.Outcome outcome) {
    if (outcome != DecodingTicket.Outcome.FINISHED) {
      throw new PolyLmException("the request was ended before it was answered: " + outcome);
    }
  }

  private int[] promptIds(GenerationRequest request) {
    String prompt = request.prompt();
    if (prompt != null) {
      if (tokenizer == null) {
        throw new PolyLmException("the model takes ids only: it has no tokenizer for a text");
      }
      return tokenizer.encodePrompt(prompt, request.trustedPrompt());
    }
    int[] ids = request.inputIds();
    return ids == null ? new int[0] : ids;
  }

  private Search search(
      GenerationConfig config, int[] promptIds, int maxLength, IntConsumer idListener) {
    int vocabSize = dimensions.vocabSize();
    long seed = config.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
    if (config.numBeams() > 1) {
      return new BeamSearch(config, seed, promptIds, maxLength, vocabSize);
    }
    return new SampleSearch(config, seed, promptIds, maxLength, vocabSize, idListener);
  }

  private List<GeneratedSequence> sequences(Search search) {
    List<GeneratedSequence> sequences = new ArrayList<>();
    for (Hypothesis hypothesis : search.results()) {
      String text = tokenizer == null ? null : tokenizer.decode(hypothesis.newIds());
      sequences.add(new GeneratedSequence(hypothesis, text));
    }
    return sequences;
  }
}
