package dev.polylm.scoring;

import dev.polylm.PolyLmException;
import dev.polylm.runtime.Decoder;
import dev.polylm.runtime.DecoderState;
import dev.polylm.sampling.ArgMax;
import dev.polylm.sampling.LogSoftmax;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores texts, each on the calling thread with a cache of its own.
 *
 * <p>Thread-safe.
 */
public final class Scorer {
  /** Logits that are wanted of a run at most, in floats: 32 MB of them. */
  private static final int LOGITS_LIMIT = 8 << 20;

  private final Decoder decoder;
  private final @Nullable Tokenizer tokenizer;

  /**
   * @param tokenizer null where the model takes ids only
   */
  public Scorer(Decoder decoder, @Nullable Tokenizer tokenizer) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
  }

  /**
   * Scores a text that follows another; see {@link #score(String, List)}.
   *
   * @throws PolyLmException as for ids; where the model takes ids only
   */
  public Score score(String context, String continuation) {
    return score(context, List.of(continuation)).get(0);
  }

  /**
   * Scores texts that may follow another; what they share is read once.
   *
   * <p>Context and continuation are tokenized as one text, since that is what the model would read.
   * Where an id spans the border it belongs to the continuation.
   *
   * @throws PolyLmException as for ids; where the model takes ids only
   */
  public List<Score> score(String context, List<String> continuations) {
    int[] contextIds = encode(context);
    List<ScoredIds> texts = new ArrayList<>();
    for (String continuation : continuations) {
      int[] ids = encode(context + continuation);
      int shared = Arrays.mismatch(contextIds, ids);
      int border = shared < 0 ? contextIds.length : shared;
      texts.add(new ScoredIds(ids, border, TextSize.of(continuation)));
    }
    return scoreAll(texts);
  }

  /**
   * Scores ids that follow others.
   *
   * @throws PolyLmException where context or continuation is empty, they are longer than the
   *     model's context together, or an id is out of range
   */
  public Score score(int[] contextIds, int[] continuationIds) {
    return score(contextIds, List.of(continuationIds)).get(0);
  }

  /**
   * Scores ids that may follow others; the context is read once.
   *
   * @throws PolyLmException where context or a continuation is empty, they are longer than the
   *     model's context together, or an id is out of range
   */
  public List<Score> score(int[] contextIds, List<int[]> continuations) {
    List<ScoredIds> texts = new ArrayList<>();
    for (int[] continuationIds : continuations) {
      int[] ids = Arrays.copyOf(contextIds, contextIds.length + continuationIds.length);
      System.arraycopy(continuationIds, 0, ids, contextIds.length, continuationIds.length);
      texts.add(new ScoredIds(ids, contextIds.length, null));
    }
    return scoreAll(texts);
  }

  /**
   * The perplexity of a text: e to the mean negative log-probability of its ids after the first.
   *
   * @throws PolyLmException as for ids; where the model takes ids only
   */
  public double perplexity(String text) {
    return perplexity(encode(text));
  }

  /**
   * The perplexity of ids: e to the mean negative log-probability of those after the first.
   *
   * @throws PolyLmException where there are fewer than two or more than the model's context, or one
   *     is out of range
   */
  public double perplexity(int[] ids) {
    checkLength(ids);
    checkForPerplexity(ids);
    return Math.exp(
        -scoreAll(List.of(new ScoredIds(ids, 1, null))).get(0).sum() / (ids.length - 1));
  }

  /**
   * The perplexity of a text of any length; see {@link #perplexity(int[], int)}.
   *
   * @throws PolyLmException as for ids; where the model takes ids only
   */
  public double perplexity(String text, int stride) {
    return perplexity(encode(text), stride);
  }

  /**
   * The perplexity of ids of any length, read in windows as long as the model's context, each
   * stride ids after the one before. Every id but the first is scored once, in the first window
   * that has it: after all ids before it, or at least context length - stride of them.
   *
   * <p>Source: "Perplexity of fixed-length models" in the documentation of Hugging Face's
   * transformers.
   *
   * @param stride 1 to one less than the model's context length; the smaller, the more exact and
   *     the slower
   * @throws PolyLmException where there are fewer than two ids, one is out of range, or the stride
   *     is
   */
  public double perplexity(int[] ids, int stride) {
    int contextLength = decoder.dimensions().contextLength();
    if (stride < 1 || stride >= contextLength) {
      throw new PolyLmException(
          "stride is %d, must be 1 to %d, less than the model's context"
              .formatted(stride, contextLength - 1));
    }
    checkForPerplexity(ids);
    double sum = 0;
    int scored = 1;
    for (int begin = 0; scored < ids.length; begin += stride) {
      int end = Math.min(begin + contextLength, ids.length);
      int[] window = Arrays.copyOfRange(ids, begin, end);
      sum += scoreAll(List.of(new ScoredIds(window, scored - begin, null))).get(0).sum();
      scored = end;
    }
    return Math.exp(-sum / (ids.length - 1));
  }

  private static void checkForPerplexity(int[] ids) {
    if (ids.length < 2) {
      throw new PolyLmException(
          "the text has %d ids, perplexity needs at least two".formatted(ids.length));
    }
  }

  private int[] encode(String text) {
    if (tokenizer == null) {
      throw new PolyLmException("the model takes ids only: it has no tokenizer for a text");
    }
    return tokenizer.encodePrompt(text, false);
  }

  private void checkLength(int[] ids) {
    int contextLength = decoder.dimensions().contextLength();
    if (ids.length > contextLength) {
      throw new PolyLmException(
          "the text has %d ids, the model's context is %d".formatted(ids.length, contextLength));
    }
  }

  private void check(ScoredIds text) {
    int continuation = text.ids().length - text.first();
    if (text.first() == 0 || continuation == 0) {
      throw new PolyLmException(
          "the context has %d ids, the continuation %d; each needs at least one"
              .formatted(text.first(), continuation));
    }
    checkLength(text.ids());
    decoder.dimensions().checkIds(text.ids());
  }

  private List<Score> scoreAll(List<ScoredIds> texts) {
    texts.forEach(this::check);
    if (texts.isEmpty()) {
      return List.of();
    }
    int vocabSize = decoder.dimensions().vocabSize();
    int longest = texts.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
    int logitsRows = Math.min(Math.max(1, LOGITS_LIMIT / vocabSize), longest);
    List<Score> scores = new ArrayList<>();
    try (DecoderState state = decoder.newState(1, longest - 1, logitsRows)) {
      int shared = ScoredIds.shared(texts);
      if (shared > 0) {
        state.prefill(0, texts.get(0).ids(), 0, shared);
      }
      float[] logits = new float[vocabSize];
      for (ScoredIds text : texts) {
        state.truncate(0, shared);
        scores.add(scoreOne(text, state, logits));
      }
    }
    return scores;
  }

  /** Scores a text whose first ids the state has read already. */
  private static Score scoreOne(ScoredIds text, DecoderState state, float[] logits) {
    int[] ids = text.ids();
    int first = text.first();
    float[] tokenLogprobs = new float[ids.length - first];
    boolean greedy = true;
    state.prefill(0, ids, state.length(0), first - 1);
    for (int from = first - 1; from < ids.length - 1; ) {
      int to = Math.min(from + state.logitsRowsLimit(), ids.length - 1);
      state.prefillWithAllLogits(0, ids, from, to);
      for (int i = from; i < to; i++) {
        state.copyLogits(i - from, logits);
        tokenLogprobs[i + 1 - first] = LogSoftmax.logProbability(logits, ids[i + 1]);
        greedy &= ArgMax.of(logits) == ids[i + 1];
      }
      from = to;
    }
    return new Score(tokenLogprobs, greedy, text.size());
  }
}
