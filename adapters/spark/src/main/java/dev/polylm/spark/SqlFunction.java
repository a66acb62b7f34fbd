package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.prompt.Language;
import dev.polylm.prompt.Prompt;
import dev.polylm.spark.RowWork.Started;
import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** The functions for SQL. Their arguments are texts. */
enum SqlFunction {
  GENERATE("prompt[, config]", "Answers a prompt.", 1, 2) {
    @Override
    Started<?> start(String[] arguments, PolyLm model, Tally counts) {
      Prompt prompt = model.promptForm().single(arguments[0]);
      return generation(prompt, config(arguments, 1), model, counts);
    }
  },
  TRANSLATE(
      "text, from, to[, config]",
      "Translates a text; languages are codes or English names.",
      3,
      4) {
    @Override
    Started<?> start(String[] arguments, PolyLm model, Tally counts) {
      Language from = Language.of(arguments[1]);
      Prompt prompt = model.promptForm().translation(arguments[0], from, Language.of(arguments[2]));
      return generation(prompt, config(arguments, 3), model, counts);
    }
  },
  SCORE("context, text", "The log-likelihood of a text after another.", 2, 2) {
    @Override
    Started<?> start(String[] arguments, PolyLm model, Tally counts) {
      return Started.call(
          () -> model.score(arguments[0], arguments[1]), score -> new Object[] {score.sum()});
    }
  },
  EMBED("text", "The vector of a text, of length 1.", 1, 1) {
    @Override
    Started<?> start(String[] arguments, PolyLm model, Tally counts) {
      return Started.call(() -> model.embed(arguments[0]), vector -> new Object[] {vector});
    }
  };

  final String usage;
  final String description;
  private final int least;
  private final int most;

  SqlFunction(String usage, String description, int least, int most) {
    this.usage = usage;
    this.description = description;
    this.least = least;
    this.most = most;
  }

  /** Begins a call. */
  abstract Started<?> start(String[] arguments, PolyLm model, Tally counts);

  /** Returns the type of the result. */
  DataType type() {
    return switch (this) {
      case GENERATE, TRANSLATE -> DataTypes.StringType;
      case SCORE -> DataTypes.DoubleType;
      case EMBED -> DataTypes.createArrayType(DataTypes.FloatType, false);
    };
  }

  /** Returns the name in SQL. */
  String sqlName() {
    return "polylm_" + name().toLowerCase(Locale.ROOT);
  }

  /**
   * Checks the number of arguments.
   *
   * @throws PolyLmException if it is wrong
   */
  void check(int arguments) {
    if (arguments < least || arguments > most) {
      throw new PolyLmException(
          String.format(
              Locale.ROOT,
              "%s has %d arguments, expected %s(%s)",
              sqlName(),
              arguments,
              sqlName(),
              usage));
    }
  }

  /** Returns which argument is the configuration; beyond the last if there is none. */
  int configAt() {
    return most > least ? least : most;
  }

  private static String config(String[] arguments, int index) {
    return arguments.length > index ? arguments[index] : "{}";
  }

  private static Started<?> generation(Prompt prompt, String config, PolyLm model, Tally counts) {
    GenerationRequest request =
        GenerationRequest.ofPrompt(prompt).withConfig(RowSeed.config(config, model, prompt.text()));
    return new Started<>(
        model.start(request).toCompletableFuture(),
        (GenerationResult result) -> {
          counts.addGeneration(result);
          return new Object[] {result.text()};
        });
  }
}
