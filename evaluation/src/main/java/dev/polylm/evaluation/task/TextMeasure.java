package dev.polylm.evaluation.task;

import dev.polylm.evaluation.metric.Bleu;
import dev.polylm.evaluation.metric.BleuTokens;
import dev.polylm.evaluation.metric.Chrf;
import dev.polylm.evaluation.metric.Rouge;
import dev.polylm.evaluation.metric.Squad;
import dev.polylm.evaluation.text.PythonText;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;

/** Judges texts by their references. White space at an answer's ends does not count. */
public enum TextMeasure implements Measure {
  /** SQuAD's exact match. */
  EXACT_MATCH("exact match") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return new double[] {Squad.exactMatch(text, references)};
    }
  },
  /** SQuAD's F1. */
  F1("F1") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return new double[] {Squad.f1(text, references)};
    }
  },
  /** The mean of ROUGE-1, ROUGE-2 and ROUGE-L, which the paper gives for MTG. */
  ROUGE_MEAN("ROUGE mean") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      Rouge rouge = rouge(language);
      return best(
          references, text, (t, r) -> (rouge.n(1, t, r) + rouge.n(2, t, r) + rouge.l(t, r)) / 3);
    }
  },
  ROUGE_1("ROUGE-1") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return best(references, text, (t, r) -> rouge(language).n(1, t, r));
    }
  },
  ROUGE_2("ROUGE-2") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return best(references, text, (t, r) -> rouge(language).n(2, t, r));
    }
  },
  ROUGE_L("ROUGE-L") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return best(references, text, rouge(language)::l);
    }
  },
  ROUGE_LSUM("ROUGE-Lsum") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return best(references, text, rouge(language)::lSum);
    }
  },
  /** sacreBLEU's BLEU of all items together. */
  BLEU("BLEU") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return bleu(language).statistics(text, references);
    }

    @Override
    public double score(double[] sum, int items) {
      return new Bleu(BleuTokens.MTEVAL_13A).score(sum); // how lines were split is past
    }
  },
  /** sacreBLEU's chrF2 of all items together. */
  CHRF("chrF2") {
    @Override
    double[] statistics(String language, String text, List<String> references) {
      return Chrf.statistics(text, references);
    }

    @Override
    public double score(double[] sum, int items) {
      return Chrf.score(sum);
    }
  };

  private final String title;

  TextMeasure(String title) {
    this.title = title;
  }

  @Override
  public String signature(String language) {
    return switch (this) {
      case BLEU -> bleu(language).signature(1);
      case CHRF -> Chrf.signature(1);
      case EXACT_MATCH, F1 -> "SQuAD v1.1";
      default -> rouge(language).signature();
    };
  }

  @Override
  public double[] statistics(Item item, Answer answer) {
    GenerationItem question = (GenerationItem) item;
    String text = PythonText.strip(((Answer.Text) answer).text());
    return statistics(question.language(), text, question.references());
  }

  abstract double[] statistics(String language, String text, List<String> references);

  @Override
  public double score(double[] sum, int items) {
    return 100 * sum[0] / items;
  }

  /** Returns the language of the answer: of a pair the second. */
  private static String target(String language) {
    return language.substring(language.lastIndexOf('-') + 1).toLowerCase(Locale.ROOT);
  }

  private static Rouge rouge(String language) {
    return new Rouge(Rouge.Tokens.of(target(language)), false);
  }

  private static Bleu bleu(String language) {
    return new Bleu(BleuTokens.of(target(language)));
  }

  private static double[] best(
      List<String> references, String text, ToDoubleBiFunction<String, String> score) {
    return new double[] {
      references.stream()
          .mapToDouble(reference -> score.applyAsDouble(text, reference))
          .max()
          .orElse(0)
    };
  }

  @Override
  public String title() {
    return title;
  }
}
