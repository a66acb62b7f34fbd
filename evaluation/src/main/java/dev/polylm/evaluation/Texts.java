package dev.polylm.evaluation;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.report.Report.TextPerplexity;
import dev.polylm.evaluation.task.DataFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A user's texts, whose perplexity is measured. */
final class Texts {
  private final Map<Path, String> texts = new LinkedHashMap<>();

  private Texts() {}

  /** Reads files, before hours are spent on tasks. */
  static Texts read(List<Path> files) {
    Texts read = new Texts();
    for (Path file : files) {
      String text = new DataFile(file, "a text").text();
      if (text.isEmpty()) {
        throw new PolyLmException(file + ": is empty, expected a text");
      }
      if (read.texts.put(file, text) != null) {
        throw new PolyLmException("the texts are %s, expected each once".formatted(files));
      }
    }
    return read;
  }

  List<TextPerplexity> perplexities(PolyLm model, @Nullable PolyLm other) {
    List<TextPerplexity> perplexities = new ArrayList<>();
    texts.forEach(
        (file, text) ->
            perplexities.add(
                new TextPerplexity(
                    name(file),
                    perplexity(model, file, text),
                    other == null ? null : perplexity(other, file, text))));
    return perplexities;
  }

  /** Returns the name of a file, or its path if another has that name. */
  private String name(Path file) {
    Path name = file.getFileName();
    long same = texts.keySet().stream().filter(path -> path.endsWith(name)).count();
    return same > 1 ? file.toString() : name.toString();
  }

  /** Returns the perplexity, each id after at least half of the model's context. */
  private static double perplexity(PolyLm model, Path file, String text) {
    try {
      return model.perplexity(text, model.manifest().model().contextLength() / 2);
    } catch (CancellationException e) {
      throw new PolyLmException(file + ": measuring its perplexity was cancelled", e);
    } catch (PolyLmException e) {
      throw new PolyLmException(file + ": " + e.getMessage(), e);
    }
  }
}
