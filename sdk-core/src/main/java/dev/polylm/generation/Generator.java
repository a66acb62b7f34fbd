package dev.polylm.generation;

import dev.polylm.PolyLmException;
import dev.polylm.model.ModelDimensions;
import dev.polylm.runtime.Decoder;
import dev.polylm.sampling.LogitsProcessor;
import dev.polylm.tokenizer.StreamingDecoder;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests, each on the calling thread with a cache of its own.
 *
 * <p>Thread-safe.
 */
public final class Generator {
  private final Decoder decoder;
  private final @Nullable Tokenizer tokenizer;
  private final GenerationConfig modelDefaults;

  /**
   * @param tokenizer null where the model takes ids only
   * @param modelDefaults the settings of the model's generation_config.json
   */
  public Generator(
      Decoder decoder, @Nullable Tokenizer tokenizer, GenerationConfig modelDefaults) {
    this.decoder = decoder;
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
    ModelDimensions dimensions = decoder.dimensions();
    int[] promptIds = promptIds(request);
    dimensions.checkIds(promptIds);
    int maxLength = MaxLength.of(config, promptIds.length, dimensions.contextLength());
    TextStream text = TextStream.of(request.textListener(), config, tokenizer);
    Search search = search(config, promptIds, maxLength, text);
    new GenerationLoop(decoder).run(search, promptIds, config.numBeams(), maxLength);
    text.finish();
    return new GenerationResult(sequences(search), promptIds.length);
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
    Set<Integer> stopIds = Set.copyOf(config.eosTokenId());
    int vocabSize = decoder.dimensions().vocabSize();
    LogitsProcessor processors = (tokens, logits) -> {};
    if (config.numBeams() == 1) {
      return new GreedySearch(
          stopIds,
          maxLength,
          config.outputLogprobs(),
          processors,
          idListener,
          promptIds,
          vocabSize);
    }
    BeamSettings settings =
        new BeamSettings(
            config.numBeams(),
            config.numReturnSequences(),
            maxLength,
            config.lengthPenalty(),
            config.earlyStopping(),
            stopIds);
    return new BeamSearch(settings, processors, promptIds, vocabSize);
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
