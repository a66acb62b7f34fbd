package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints embeddings. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = {
      "Gives a vector of length 1 for each text, as a JSON object. The dot product of two vectors"
          + " is their cosine: texts of similar meaning have similar vectors.",
      "In texts given as arguments \\n, \\t, \\\\ and \\uXXXX are escapes."
    })
final class EmbedCommand implements Callable<Integer> {
  private static final List<String> TEXT = List.of("text");
  private static final List<String> IDS = List.of("ids");

  private final Streams streams;

  @Mixin private RunOptions model = new RunOptions();

  @ArgGroup(multiplicity = "1")
  private Input input = new Input();

  /** The texts: exactly one of these. */
  static final class Input {
    @Parameters(
        paramLabel = "TEXT",
        arity = "1..*",
        converter = Escapes.class,
        description = "Texts.")
    @Nullable List<String> texts;

    @ArgGroup(exclusive = false)
    @Nullable JsonlOptions jsonl;
  }

  EmbedCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    try (PolyLm polyLm = model.open(streams)) {
      if (input.jsonl != null) {
        return JsonLines.answer(input.jsonl, streams, request -> answer(polyLm, request));
      }
      polyLm
          .embed(input.texts == null ? List.of() : input.texts)
          .forEach(vector -> streams.print(json(vector) + "\n"));
      return ExitCodes.OK;
    }
  }

  private static ObjectNode answer(PolyLm polyLm, JsonRequest request) {
    return json(
        request.form(List.of(TEXT, IDS)) == TEXT
            ? polyLm.embed(request.text("text"))
            : polyLm.embed(request.ids("ids")));
  }

  private static ObjectNode json(float[] vector) {
    ObjectNode answer = JsonParts.object();
    answer.set("embedding", JsonParts.array(vector));
    return answer;
  }
}
