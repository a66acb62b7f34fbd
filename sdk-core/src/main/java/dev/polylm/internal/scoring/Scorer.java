package dev.polylm.internal.scoring;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.model.ModelDimensions;
import dev.polylm.scoring.Score;
import dev.polylm.tokenizer.TextPart;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Scores texts.
 *
 * <p>Thread-safe.
 */
public final class Scorer {
  private final ModelDimensions dimensions;
  private final DecodingRunner runner;
  private final @Nullable Tokenizer tokenizer;
  private final boolean reproducible;

  /**
   * @param dimensions the model's
   * @param runner runs the model
   * @param tokenizer null if the model takes ids only
   * @param reproducible whether scores are always the same bits, whatever else runs
   */
  public Scorer(
      ModelDimensions dimensions,
      DecodingRunner runner,
      @Nullable Tokenizer tokenizer,
      boolean reproducible) {
    this.dimensions = dimensions;
    this.runner = runner;
    this.tokenizer = tokenizer;
    this.reproducible = reproducible;
  }

  /**
   * Scores a text that follows another; see {@link #score(String, List, int)}.
   *
   * @throws PolyLmException as for ids; also if the model takes ids only
   */
  public Score score(String context, String continuation, int topLogprobs) {
    requireNonNull(continuation, "continuation must not be null");
    return score(context, List.of(continuation), topLogprobs).get(0);
  }

  /**
   * Scores texts that may follow another. The model reads the shared beginning once.
   *
   * <p>Context and continuation are tokenized as one text, because the model would read them so. An
   * id that spans the border belongs to the continuation.
   *
   * @param topLogprobs how many of the likeliest ids to return at each position, at least 0
   * @throws PolyLmException as for ids; also if the model takes ids only or topLogprobs is below 0
   */
  public List<Score> score(String context, List<String> continuations, int topLogprobs) {
    requireNonNull(context, "context must not be null");
    requireNonNull(continuations, "continuations must not be null");
    checkTopLogprobs(topLogprobs);
    int[] contextIds = encodeWithinContext(context, "");
    List<ScoredIds> texts = new ArrayList<>();
    for (int i = 0; i < continuations.size(); i++) {
      String continuation = requireNonNull(continuations.get(i), "continuations must not be null");
      int[] ids = encodeWithinContext(context + continuation, place(i, continuations.size()));
      int shared = Arrays.mismatch(contextIds, ids);
      int border = shared < 0 ? contextIds.length : shared;
      texts.add(new ScoredIds(ids, border, continuation));
    }
    return scoreAll(texts, topLogprobs);
  }

  /**
   * Scores ids that follow others, and lists the likeliest ids at their positions.
   *
   * @param topLogprobs how many of the likeliest ids to return at each position, at least 0
   * @throws PolyLmException if context or continuation is empty, the two together are longer than
   *     the model's context, an id is out of range, or topLogprobs is below 0
   */
  public Score score(int[] contextIds, int[] continuationIds, int topLogprobs) {
    requireNonNull(contextIds, "contextIds must not be null");
    requireNonNull(continuationIds, "continuationIds must not be null");
    checkTopLogprobs(topLogprobs);
    int[] ids = joined(contextIds, continuationIds);
    return scoreAll(List.of(new ScoredIds(ids, contextIds.length, null)), topLogprobs).get(0);
  }

  private static void checkTopLogprobs(int topLogprobs) {
    if (topLogprobs < 0) {
      throw new PolyLmException("topLogprobs is %s, must be at least 0".formatted(topLogprobs));
    }
  }

  private static int[] joined(int[] contextIds, int[] continuationIds) {
    int[] ids = Arrays.copyOf(contextIds, contextIds.length + continuationIds.length);
    System.arraycopy(continuationIds, 0, ids, contextIds.length, continuationIds.length);
    return ids;
  }

  /**
   * Scores ids that may follow others. The model reads the context once.
   *
   * @throws PolyLmException if context or a continuation is empty, the two together are longer than
   *     the model's context, or an id is out of range
   */
  public List<Score> score(int[] contextIds, List<int[]> continuations) {
    requireNonNull(contextIds, "contextIds must not be null");
    requireNonNull(continuations, "continuations must not be null");
    List<ScoredIds> texts = new ArrayList<>();
    for (int[] continuationIds : continuations) {
      texts.add(new ScoredIds(joined(contextIds, continuationIds), contextIds.length, null));
    }
    return scoreAll(texts, 0);
  }

  /**
   * Scores texts that may follow ids. Each is tokenized as a continuation, and the model reads the
   * ids once.
   *
   * @throws PolyLmException as for ids; also if the model takes ids only
   */
  public List<Score> scoreAfter(int[] contextIds, List<String> continuations) {
    requireNonNull(continuations, "continuations must not be null");
    List<ScoredIds> texts = new ArrayList<>();
    for (int i = 0; i < continuations.size(); i++) {
      String text = requireNonNull(continuations.get(i), "continuations must not be null");
      checkFits(text, place(i, continuations.size()));
      int[] ids = requireTokenizer().encodeContinuation(List.of(new TextPart(text, false)));
      texts.add(new ScoredIds(joined(contextIds, ids), contextIds.length, text));
    }
    return scoreAll(texts, 0);
  }

  /**
   * Returns the perplexity of a text: e to the mean negative log-probability of its ids after the
   * first.
   *
   * @throws PolyLmException as for ids; also if the model takes ids only
   */
  public double perplexity(String text) {
    return perplexity(encodeWithinContext(text, ""));
  }

  /**
   * Returns the perplexity of ids: e to the mean negative log-probability of the ids after the
   * first.
   *
   * @throws PolyLmException if there are fewer than two ids or more than the model's context, or an
   *     id is out of range
   */
  public double perplexity(int[] ids) {
    requireNonNull(ids, "ids must not be null");
    checkLength(ids, "");
    checkForPerplexity(ids);
    return Math.exp(
        -scoreAll(List.of(new ScoredIds(ids, 1, null)), 0).get(0).sum() / (ids.length - 1));
  }

  /**
   * Returns the perplexity of a text of any length; see {@link #perplexity(int[], int)}.
   *
   * @throws PolyLmException as for ids; also if the model takes ids only
   */
  public double perplexity(String text, int stride) {
    requireNonNull(text, "text must not be null");
    return perplexity(requireTokenizer().encodePrompt(text, false), stride);
  }

  /**
   * Returns the perplexity of ids of any length. The model reads the ids in windows as long as its
   * context. Each window begins stride ids after the one before. Every id but the first is scored
   * once, in the first window that contains it. It is scored after all ids before it, or after at
   * least context length - stride of them.
   *
   * <p>Source: "Perplexity of fixed-length models" in the documentation of Hugging Face's
   * transformers.
   *
   * @param stride from 1 to one less than the model's context length; a smaller stride is more
   *     exact but slower
   * @throws PolyLmException if there are fewer than two ids, one is out of range, or the stride is
   */
  public double perplexity(int[] ids, int stride) {
    requireNonNull(ids, "ids must not be null");
    int contextLength = dimensions.contextLength();
    if (stride < 1 || stride >= contextLength) {
      throw new PolyLmException(
          "stride is %s, must be 1 to %s, less than the model's context"
              .formatted(stride, contextLength - 1));
    }
    checkForPerplexity(ids);
    double sum = 0;
    int scored = 1;
    for (int begin = 0; scored < ids.length; begin += stride) {
      int end = Math.min(begin + contextLength, ids.length);
      int[] window = Arrays.copyOfRange(ids, begin, end);
      sum += scoreAll(List.of(new ScoredIds(window, scored - begin, null)), 0).get(0).sum();
      scored = end;
    }
    return Math.exp(-sum / (ids.length - 1));
  }

  private static void checkForPerplexity(int[] ids) {
    if (ids.length < 2) {
      throw new PolyLmException(
          "the text has %s ids, perplexity needs at least two".formatted(ids.length));
    }
  }

  /**
   * @param place what an error says after its sentence
   */
  private int[] encodeWithinContext(String text, String place) {
    requireNonNull(text, "text must not be null");
    checkFits(text, place);
    return requireTokenizer().encodePrompt(text, false);
  }

  private void checkFits(String text, String place) {
    Tokenizer known = requireTokenizer();
    try {
      known.checkFits(text, dimensions.contextLength());
    } catch (PolyLmException e) {
      throw place.isEmpty() ? e : new PolyLmException(e.getMessage() + place, e);
    }
  }

  /** Returns which of several continuations an error is about; nothing if there is only one. */
  private static String place(int index, int count) {
    return count == 1 ? "" : " (continuation %s of %s)".formatted(index + 1, count);
  }

  private Tokenizer requireTokenizer() {
    if (tokenizer == null) {
      throw new PolyLmException("the model takes ids only: it has no tokenizer for a text");
    }
    return tokenizer;
  }

  private void checkLength(int[] ids, String place) {
    int contextLength = dimensions.contextLength();
    if (ids.length > contextLength) {
      throw new PolyLmException(
          "the text has %s ids, the model's context is %s%s"
              .formatted(ids.length, contextLength, place));
    }
  }

  private void check(ScoredIds text, String place) {
    int continuation = text.ids().length - text.first();
    if (text.first() == 0 || continuation == 0) {
      throw new PolyLmException(
          "the context has %s ids, the continuation %s; each needs at least one%s"
              .formatted(text.first(), continuation, place));
    }
    checkLength(text.ids(), place);
    dimensions.checkIds(text.ids());
  }

  private List<Score> scoreAll(List<ScoredIds> texts, int topLogprobs) {
    for (int i = 0; i < texts.size(); i++) {
      check(texts.get(i), place(i, texts.size()));
    }
    if (texts.isEmpty()) {
      return List.of();
    }
    ScoringTask task = new ScoringTask(texts, dimensions.vocabSize(), topLogprobs, reproducible);
    if (runner.submit(task, Terms.defaults()).await().isPresent()) {
      throw new CancellationException("the scoring was cancelled");
    }
    return task.scores();
  }
}
