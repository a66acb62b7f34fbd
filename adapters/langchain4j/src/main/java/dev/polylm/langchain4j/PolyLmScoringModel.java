package dev.polylm.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.langchain4j.spi.PolyLmScoringModelBuilderFactory;
import dev.polylm.scoring.Score;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores texts by how likely they make a query. The score is the mean log-probability (natural
 * logarithm) of the query's tokens after the segment's text and a line break. It is at most 0; the
 * greater the score, the more relevant the segment. Scores of one query can be compared with each
 * other, but scores of different queries can't.
 *
 * <pre>{@code
 * try (PolyLmScoringModel model = PolyLmScoringModel.builder().build()) {
 *   double relevance = model.score("Paris is in France.", "Where is Paris?").content();
 * }
 * }</pre>
 *
 * <p>Source: equation 2 of Sachan et al., "Improving Passage Retrieval with Zero-Shot Question
 * Generation", arXiv:2204.07496v4, without its instruction, which PolyLM was not trained on.
 *
 * <p>Thread-safe.
 */
public class PolyLmScoringModel implements ScoringModel, AutoCloseable {
  private final LazyModels models;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to a model of its own.
   */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmScoringModel() {
    this.models = null;
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmScoringModel(Builder builder) {
    this.models = builder.open(builder.modelName());
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmScoringModelBuilderFactory.class, Builder::new);
  }

  /**
   * Returns the scores of segments, in their order. The token usage adds up all runs, so it counts
   * the query's tokens once for each segment.
   *
   * @throws InvalidRequestException if the query or a segment is empty, or if together they are
   *     longer than the model's context
   * @throws PolyLmException if the model is closed
   */
  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    return models.ask(
        null, polyLm -> Refusals.translating(() -> scoreAll(polyLm, segments, query)));
  }

  private static Response<List<Double>> scoreAll(
      PolyLm polyLm, List<TextSegment> segments, String query) {
    List<Double> scores = new ArrayList<>();
    int tokens = 0;
    for (TextSegment segment : segments) {
      String context = segment.text() + "\n";
      Score score = polyLm.score(context, query);
      scores.add(score.perToken());
      tokens += polyLm.tokenizer().encodePrompt(context + query, false).length;
    }
    return Response.from(scores, new TokenUsage(tokens, 0));
  }

  /**
   * Waits for the calls in flight, then frees the model unless others share it. A second call does
   * nothing.
   */
  @Override
  public void close() {
    models.close();
  }

  /** Collects the settings of the model. Not thread-safe. */
  public static class Builder extends PolyLmBuilder<Builder> {
    /** Creates a builder with nothing set; use {@link PolyLmScoringModel#builder()} instead. */
    public Builder() {}

    /**
     * Opens the model.
     *
     * @throws PolyLmException if the model can't be opened
     * @throws ModelNotFoundException if no model has the name that is set
     * @throws IllegalArgumentException if two places for models are set, or there are several
     *     models and no name is set
     */
    public PolyLmScoringModel build() {
      return new PolyLmScoringModel(this);
    }
  }
}
