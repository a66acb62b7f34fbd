package dev.polylm.evaluation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.polylm.evaluation.metric.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation found.
 *
 * @param model the model
 * @param tasks the tasks, in the order in which they were asked for
 * @param texts the perplexity of texts
 * @param comparison how another model differs, or null if there is none
 */
public record Report(
    ModelFacts model,
    List<TaskReport> tasks,
    List<TextPerplexity> texts,
    @Nullable Comparison comparison) {

  /**
   * Which model was measured.
   *
   * @param name its name
   * @param weights the type of its weights
   * @param kvCache the type of its cached keys and values
   * @param promptForm the prompt form that it was trained on
   * @param adapter the name of the adapter that it was measured with, or null if there was none
   */
  public record ModelFacts(
      String name,
      String weights,
      String kvCache,
      String promptForm,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String adapter) {
    @Override
    public String toString() {
      String with = adapter == null ? "" : ", adapter " + adapter;
      return "%s (weights %s, cache %s%s)".formatted(name, weights, kvCache, with);
    }
  }

  /**
   * A task's scores.
   *
   * @param name the task's name
   * @param measures the names of the scores of a row; the first is the one that the paper gives
   * @param shots how many examples were before each item
   * @param rows a row for each language
   * @param averages the means over languages, as the paper groups them
   */
  public record TaskReport(
      String name, List<String> measures, int shots, List<Row> rows, List<Average> averages) {}

  /**
   * The scores of one language.
   *
   * @param language a language, or a pair, or an empty text if the task does not say
   * @param items how many items there are
   * @param scores from 0 to 100, one for each of the task's measures
   * @param interval the range that holds the first score with 95% confidence
   * @param paper the first score in the paper, of the base model of 13B parameters, or null
   * @param seconds how long the items took together
   * @param tokensPerSecond how many ids the model scored or wrote in a second
   * @param signature how the first score was computed
   */
  public record Row(
      String language,
      int items,
      List<Double> scores,
      Interval interval,
      @Nullable Double paper,
      double seconds,
      double tokensPerSecond,
      String signature) {}

  /**
   * A mean over languages.
   *
   * @param group which languages
   * @param score the mean of the first scores
   * @param paper the mean of the paper's figures for the same languages, or null
   */
  public record Average(String group, double score, @Nullable Double paper) {}

  /**
   * The perplexity of a text.
   *
   * @param name the name of its file
   * @param first of the model
   * @param second of the model that it is compared with, or null if there is none
   */
  public record TextPerplexity(String name, double first, @Nullable Double second) {}

  /**
   * How a second model differs from the first.
   *
   * @param model the second model
   * @param rows a row for each task and language
   */
  public record Comparison(ModelFacts model, List<ComparedRow> rows) {}

  /**
   * How two models differ on the items of one language.
   *
   * @param task the task's name
   * @param language as in {@link Row}
   * @param items how many items there are
   * @param first the first model's score
   * @param second the second model's score
   * @param difference the second score minus the first
   * @param interval the range that holds the difference with 95% confidence (paired bootstrap)
   * @param probability how likely a difference of this size is if the models are equally good
   * @param divergence the mean Kullback-Leibler divergence, in nats, of the second model's
   *     distribution of the next id from the first's
   */
  public record ComparedRow(
      String task,
      String language,
      int items,
      double first,
      double second,
      double difference,
      Interval interval,
      double probability,
      double divergence) {}
}
