package dev.polylm.export;

import dev.polylm.export.judgement.QkvChoice;
import dev.polylm.export.judgement.TextSample;
import dev.polylm.export.parallel.Workers;
import dev.polylm.model.QkvFacts;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The order of c_attn's outputs for a checkpoint.
 *
 * @param layout never {@link QkvLayout#AUTO}
 * @param facts for the manifest
 */
record QkvDecision(QkvLayout layout, QkvFacts facts) {

  /**
   * Follows the options, or reads the sample in both orders.
   *
   * @param sample null without a tokenizer
   */
  static QkvDecision of(
      ExportOptions options, ExportSource source, Workers workers, @Nullable TextSample sample) {
    if (options.qkvLayout() != QkvLayout.AUTO) {
      return unread(options.qkvLayout(), "the options say so");
    }
    if (sample == null) {
      return unread(QkvLayout.CONCATENATED, "there is no tokenizer to read texts with");
    }
    if (sample.sequences().isEmpty()) {
      return unread(QkvLayout.CONCATENATED, "no text has only ids of the model");
    }
    return read(QkvChoice.of(source.reference(workers), source.config(), sample));
  }

  private static QkvDecision unread(QkvLayout layout, String reason) {
    return new QkvDecision(layout, new QkvFacts(layout.label(), reason, null, null));
  }

  private static QkvDecision read(QkvChoice choice) {
    QkvLayout layout = choice.interleaved() ? QkvLayout.INTERLEAVED : QkvLayout.CONCATENATED;
    String reason =
        String.format(
            Locale.ROOT,
            "%d tokens of texts have a perplexity of %s read as concatenated, %s as interleaved%s",
            choice.tokens(),
            Perplexities.shown(choice.concatenatedPerplexity()),
            Perplexities.shown(choice.interleavedPerplexity()),
            choice.clear() ? "" : ", which is not a clear difference");
    return new QkvDecision(
        layout,
        new QkvFacts(
            layout.label(),
            reason,
            choice.concatenatedPerplexity(),
            choice.interleavedPerplexity()));
  }

  /** Returns the decision as a sentence. */
  String sentence() {
    return "The outputs of c_attn are read as %s: %s".formatted(facts.layout(), facts.reason());
  }
}
