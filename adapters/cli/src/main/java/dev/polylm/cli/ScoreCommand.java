package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.scoring.Score;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints log-likelihoods and perplexities. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Gives the log-likelihood of a text that follows another, or the perplexity of a text,"
          + " as a JSON object.",
      "In texts given as arguments, \\n, \\t, \\\\ and \\uXXXX are escapes."
    })
final class ScoreCommand implements Callable<Integer> {
  private static final List<String> TEXTS = List.of("context", "continuation");
  private static final List<String> IDS = List.of("context_ids", "continuation_ids");
  private static final List<String> TEXT = List.of("text");
  private static final List<String> TEXT_IDS = List.of("ids");

  private final Streams streams;

  @Mixin private RunOptions model = new RunOptions();

  @ArgGroup(multiplicity = "1")
  private Input input = new Input();

  /** The text to score: exactly one of these. */
  static final class Input {
    @ArgGroup(exclusive = false)
    @Nullable Pair pair;

    @Option(
        names = "--text",
        paramLabel = "TEXT",
        converter = Escapes.class,
        description = "The text whose perplexity is wanted.")
    @Nullable String text;

    @ArgGroup(exclusive = false)
    @Nullable JsonlOptions jsonl;
  }

  /** A text and its continuation. */
  static final class Pair {
    @Option(
        names = "--context",
        paramLabel = "TEXT",
        required = true,
        converter = Escapes.class,
        description = "The text before the one that is scored.")
    String context = "";

    @Option(
        names = "--continuation",
        paramLabel = "TEXT",
        required = true,
        converter = Escapes.class,
        description = "The text that is scored.")
    String continuation = "";
  }

  ScoreCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    try (PolyLm polyLm = model.open(streams)) {
      if (input.jsonl != null) {
        return JsonLines.answer(input.jsonl, streams, request -> answer(polyLm, request));
      }
      streams.print(answerArguments(polyLm) + "\n");
      return ExitCodes.OK;
    }
  }

  private ObjectNode answerArguments(PolyLm polyLm) {
    if (input.pair != null) {
      return json(polyLm.score(input.pair.context, input.pair.continuation));
    }
    return json(polyLm.perplexity(String.valueOf(input.text)));
  }

  private static ObjectNode answer(PolyLm polyLm, JsonRequest request) {
    List<String> form = request.form(List.of(TEXTS, IDS, TEXT, TEXT_IDS));
    if (form == TEXTS) {
      return json(polyLm.score(request.text("context"), request.text("continuation")));
    }
    if (form == IDS) {
      return json(polyLm.score(request.ids("context_ids"), request.ids("continuation_ids")));
    }
    return json(
        form == TEXT
            ? polyLm.perplexity(request.text("text"))
            : polyLm.perplexity(request.ids("ids")));
  }

  private static ObjectNode json(Score score) {
    ObjectNode answer = JsonParts.object().put("sum", score.sum());
    answer.set("tokens", JsonParts.array(score.tokenLogprobs()));
    return answer.put("is_greedy", score.isGreedy());
  }

  private static ObjectNode json(double perplexity) {
    return JsonParts.object().put("perplexity", perplexity);
  }
}
