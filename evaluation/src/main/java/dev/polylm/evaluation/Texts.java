package dev.polylm.evaluation;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.report.Report.TextPerplexity;
import dev.polylm.evaluation.task.DataFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measures the perplexity of a user's texts. */
final class Texts {
  private Texts() {}

  static List<TextPerplexity> perplexities(List<Path> files, PolyLm model, @Nullable PolyLm other) {
    List<TextPerplexity> perplexities = new ArrayList<>();
    for (Path file : files) {
      String text = new DataFile(file, "a text").text();
      perplexities.add(
          new TextPerplexity(
              String.valueOf(file.getFileName()),
              perplexity(model, file, text),
              other == null ? null : perplexity(other, file, text)));
    }
    return perplexities;
  }

  /** Returns the perplexity, each id after at least half of the model's context. */
  private static double perplexity(PolyLm model, Path file, String text) {
    try {
      return model.perplexity(text, model.manifest().model().contextLength() / 2);
    } catch (PolyLmException e) {
      throw new PolyLmException(file + ": " + e.getMessage(), e);
    }
  }
}
