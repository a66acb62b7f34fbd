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
 * Scores texts by how likely they make the query: the mean log-probability of the query's tokens
 * after the segment's text and a line break, in natural logarithms. It is 0 at the most; the
 * greater, the more relevant. Scores of one query can be compared with each other, those of
 * different queries can't.
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
  private final Models models;

  /** For proxies of frameworks, which pass every call on to a model of their own. */
  @SuppressWarnings("NullAway") // a proxy uses no field
  protected PolyLmScoringModel() {
    this.models = null;
  }

  /** As {@link Builder#build()}. */
  protected PolyLmScoringModel(Builder builder) {
    this.models = builder.open(builder.modelName());
  }

  /** A builder, of a factory that the class path holds where it holds one. */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmScoringModelBuilderFactory.class, Builder::new);
  }

  /**
   * The scores of segments, in their order. Their token usage is that of all runs together, with
   * the query's tokens once for each segment.
   *
   * @throws InvalidRequestException if query or segment is empty, or they are longer than the
   *     model's context together
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

  /** Waits for the calls in flight, then frees the model unless others share it; idempotent. */
  @Override
  public void close() {
    models.close();
  }

  /** Collects what the model is to be. Not thread-safe. */
  public static class Builder extends PolyLmBuilder<Builder> {
    /** Nothing set; {@link PolyLmScoringModel#builder()} is the usual way. */
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
