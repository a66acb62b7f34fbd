package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns texts into ids and back. It loads only the tokenizer, not the graph. */
@Command(
    name = "tokenize",
    mixinStandardHelpOptions = true,
    description = {
      "Gives the ids and pieces of a text as the model gets it, or the text of ids,"
          + " as a JSON object.",
      "In a text given as an argument, \\n, \\t, \\\\ and \\uXXXX are escapes."
    })
final class TokenizeCommand implements Callable<Integer> {
  private static final List<String> TEXT = List.of("text");
  private static final List<String> IDS = List.of("ids");

  private final Streams streams;

  @Mixin private ModelOptions model = new ModelOptions();

  @ArgGroup(multiplicity = "1")
  private Input input = new Input();

  @Option(
      names = "--legacy",
      description = "Uses LlamaTokenizer's legacy behaviour, even if the model is set otherwise.")
  private boolean legacy;

  @Option(
      names = "--trusted",
      description = "Parses special tokens in texts, such as </s>. By default they are plain text.")
  private boolean trusted;

  /** The input: exactly one of these. */
  static final class Input {
    @Parameters(paramLabel = "TEXT", converter = Escapes.class, description = "A text.")
    @Nullable String text;

    @Option(names = "--ids", paramLabel = "ID", split = ",", description = "Ids: 5581,321,454.")
    int @Nullable [] ids;

    @ArgGroup(exclusive = false)
    @Nullable JsonlOptions jsonl;
  }

  TokenizeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    try (ModelDirectory directory = model.openDirectory(streams);
        Tokenizer tokenizer = open(directory)) {
      if (input.jsonl != null) {
        return JsonLines.answer(input.jsonl, streams, request -> answer(tokenizer, request));
      }
      streams.print(answerArguments(tokenizer) + "\n");
      return ExitCodes.OK;
    }
  }

  private Tokenizer open(ModelDirectory directory) {
    TokenizerFacts facts = directory.manifest().tokenizer();
    if (facts == null) {
      throw new PolyLmException(
          "%s has no tokenizer: it takes ids only".formatted(directory.manifest().name()));
    }
    Tokenizer tokenizer =
        Tokenizer.open(
            directory.file(ModelDirectory.TOKENIZER),
            facts,
            directory.manifest().model().vocabSize());
    return legacy ? tokenizer.withLegacy(true) : tokenizer;
  }

  private ObjectNode answerArguments(Tokenizer tokenizer) {
    return input.ids != null
        ? text(tokenizer, input.ids)
        : ids(tokenizer, String.valueOf(input.text));
  }

  private ObjectNode answer(Tokenizer tokenizer, JsonRequest request) {
    return request.form(List.of(TEXT, IDS)) == TEXT
        ? ids(tokenizer, request.text("text"))
        : text(tokenizer, request.ids("ids"));
  }

  private ObjectNode ids(Tokenizer tokenizer, String text) {
    int[] ids = tokenizer.encodePrompt(text, trusted);
    ObjectNode answer = JsonParts.object();
    answer.set("ids", JsonParts.array(ids));
    answer.set("pieces", JsonParts.array(tokenizer.pieces(ids)));
    return answer;
  }

  private static ObjectNode text(Tokenizer tokenizer, int[] ids) {
    return JsonParts.object().put("text", tokenizer.decode(ids));
  }
}
