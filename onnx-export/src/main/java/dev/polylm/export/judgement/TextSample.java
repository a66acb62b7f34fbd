package dev.polylm.export.judgement;

import dev.polylm.export.calibration.CalibrationTexts;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shipped texts as a model gets them: one after the other, cut into sequences of one length. The
 * first texts cover all languages with as few tokens as possible.
 */
public final class TextSample {
  /** A limit for the logits of all tokens. */
  private static final long MAX_LOGITS_BYTES = 128L << 20;

  private static final int MAX_TOKENS = 1024;
  private static final int MAX_LENGTH = 256;

  private final List<int[]> sequences = new ArrayList<>();
  private final List<List<String>> languages = new ArrayList<>();
  private final Map<Integer, Integer> counts = new HashMap<>();
  private final double total;

  private TextSample(List<LabelledText> texts, int length, int maxSequences) {
    List<String> labels = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    double all = 0;
    for (LabelledText text : texts) {
      for (int i = 0; i < text.ids().length; i++) {
        ids.add(text.ids()[i]);
        labels.add(text.languages().get(i));
        counts.merge(text.ids()[i], 1, Integer::sum);
        all++;
      }
    }
    total = all;
    int most = length < 2 ? 0 : maxSequences; // a single id predicts none
    for (int at = 0; at + length <= ids.size() && sequences.size() < most; at += length) {
      sequences.add(ids.subList(at, at + length).stream().mapToInt(id -> id).toArray());
      languages.add(List.copyOf(labels.subList(at, at + length)));
    }
  }

  /**
   * Takes as many tokens as a model of that size can read. Texts with ids that the model lacks are
   * left out; there may be none left.
   */
  public static TextSample of(Tokenizer tokenizer, ModelConfig config) {
    long affordable = MAX_LOGITS_BYTES / Float.BYTES / config.vocabSize();
    int tokens = (int) Math.max(2, Math.min(MAX_TOKENS, affordable));
    int length = Math.min(Math.min(MAX_LENGTH, tokens), config.nPositions());
    List<LabelledText> texts = new ArrayList<>();
    for (String text : CalibrationTexts.all()) {
      LabelledText labelled =
          LabelledText.of(text, t -> tokenizer.encodePrompt(t, true), tokenizer.eosTokenId());
      if (Arrays.stream(labelled.ids()).allMatch(id -> id < config.vocabSize())) {
        texts.add(labelled);
      }
    }
    return new TextSample(coveringFirst(texts), length, tokens / length);
  }

  /**
   * While a language is missing, the next text is the one with the most new languages for its
   * length.
   */
  private static List<LabelledText> coveringFirst(List<LabelledText> texts) {
    List<LabelledText> ordered = new ArrayList<>();
    List<LabelledText> left = new ArrayList<>(texts);
    Set<String> covered = new HashSet<>();
    while (!left.isEmpty()) {
      LabelledText best = left.get(0);
      for (LabelledText text : left) {
        best = gain(text, covered) > gain(best, covered) ? text : best;
      }
      if (gain(best, covered) == 0) {
        ordered.addAll(left);
        return ordered;
      }
      ordered.add(best);
      covered.addAll(best.covered());
      left.remove(best);
    }
    return ordered;
  }

  private static double gain(LabelledText text, Set<String> covered) {
    long gained = text.covered().stream().filter(language -> !covered.contains(language)).count();
    return (double) gained / text.ids().length;
  }

  /** Returns sequences of one length, none if no text has only ids of the model. */
  public List<int[]> sequences() {
    return sequences;
  }

  /** Returns the language of an id, empty for what all texts share. */
  String language(int sequence, int position) {
    return languages.get(sequence).get(position);
  }

  /**
   * Returns the loss, in nats, of a predictor that knows only how often each id occurs in all
   * texts.
   */
  double unigramLoss(int id) {
    return Math.log(total / counts.getOrDefault(id, 1));
  }
}
