package dev.polylm.export;

import dev.polylm.export.checkpoint.Activation;
import dev.polylm.model.TextPerplexity;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Describes the perplexities that an export measured. */
final class Perplexities {
  private Perplexities() {}

  /** Returns a number with four digits, or without decimals. */
  static String shown(double perplexity) {
    String format = perplexity < 1000 ? "%.4g" : perplexity < 1e9 ? "%,.0f" : "%.3e";
    return String.format(Locale.ROOT, format, perplexity);
  }

  /** Returns a sentence with all perplexities. */
  static String sentence(TextPerplexity found) {
    String languages =
        found.byLanguage().entrySet().stream()
            .map(language -> language.getKey() + " " + shown(language.getValue()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "The exported graph reads %,d tokens of texts with a perplexity of %s (a predictor that"
            + " only knows how often each token occurs has %s); by language: %s",
        found.tokens(),
        shown(found.all()),
        shown(found.unigram()),
        languages);
  }

  /**
   * Returns a warning with advice if the model reads texts no better than noise. A model trained on
   * any language predicts a text better than the frequencies of its tokens do.
   */
  static Optional<String> noise(TextPerplexity found, int vocabSize, Activation activation) {
    if (found.all() <= found.unigram()) {
      return Optional.empty();
    }
    String like =
        found.all() > vocabSize / 2.0
            ? String.format(
                Locale.ROOT,
                "no better than noise, whose perplexity is the vocabulary's size, %,d",
                vocabSize)
            : "worse than a predictor that only knows how often each token occurs, whose perplexity is "
                + shown(found.unigram());
    return Optional.of(
        String.format(
            Locale.ROOT,
            "the model reads texts with a perplexity of %s, %s: something was not understood."
                + " Try another order of c_attn (--qkv-layout), another activation_function in"
                + " config.json (it is %s; gelu is the erf form, gelu_new the tanh form), and the"
                + " tokenizer that the model was trained with",
            shown(found.all()),
            like,
            activation.name().toLowerCase(Locale.ROOT)));
  }
}
