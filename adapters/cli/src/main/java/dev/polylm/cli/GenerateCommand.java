package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Answers prompts. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    description = {
      "Answers prompts from the arguments, from a file, or else from standard input.",
      "In a prompt given as an argument, \\n, \\t, \\\\ and \\uXXXX are escapes. In a file or on"
          + " standard input, a line break at the very end is not part of the prompt. If an answer"
          + " begins with a line break, that line break is not printed. An empty line is between"
          + " several answers.",
      "Settings have Hugging Face's names. With --jsonl they are the defaults of all requests."
    })
final class GenerateCommand implements Callable<Integer> {
  private static final List<String> PROMPT = List.of("prompt");
  private static final List<String> INPUT_IDS = List.of("input_ids");
  private static final String CONFIG = "config";
  private static final String CONSTRAINT = "constraint";

  private final Streams streams;
  private final GenerationOptions options = new GenerationOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "PROMPT",
      arity = "0..*",
      description = "Prompts; each gets its own answer.")
  private List<String> prompts = List.of();

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description = "A file whose text is the prompt.")
  private @Nullable Path promptFile;

  @Option(names = "--json", description = "Prints a JSON object for each prompt.")
  private boolean json;

  @ArgGroup(exclusive = false)
  private @Nullable JsonlOptions jsonl;

  @ArgGroup private @Nullable ConstraintOptions form;

  @Option(
      names = "--trusted",
      description =
          "Parses special tokens in prompts, such as </s>. By default they are plain text.")
  private boolean trusted;

  @Mixin private RunOptions model = new RunOptions();

  private GenerateCommand(Streams streams) {
    this.streams = streams;
  }

  static CommandLine commandLine(Streams streams) {
    GenerateCommand command = new GenerateCommand(streams);
    CommandLine commandLine = new CommandLine(command);
    command.options.addTo(commandLine.getCommandSpec());
    HelpSections.ofGeneration("--prompt-file", "--json").addTo(commandLine.getCommandSpec());
    return commandLine;
  }

  @Override
  public Integer call() {
    checkOneSource();
    Constraint constraint = constraint();
    if (jsonl == null) {
      return answerPrompts(argumentConfig(), constraint);
    }
    GenerationConfig defaults = GenerationConfig.defaultsFromJson(options.defaultsJson());
    try (PolyLm polyLm = model.open(streams)) {
      return JsonLines.answer(
          jsonl, streams, request -> answer(polyLm, request, defaults, constraint));
    }
  }

  private void checkOneSource() {
    if (Stream.of(!prompts.isEmpty(), promptFile != null, jsonl != null).filter(s -> s).count()
        > 1) {
      throw usageError("prompts must come from only one of arguments, --prompt-file and --jsonl");
    }
  }

  private GenerationConfig argumentConfig() {
    try {
      return GenerationConfig.fromJson(options.json());
    } catch (PolyLmException e) {
      throw usageError(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Constraint constraint() {
    try {
      return form == null ? null : form.constraint();
    } catch (PolyLmException e) {
      throw usageError(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private int answerPrompts(GenerationConfig config, @Nullable Constraint constraint) {
    List<String> texts = prompts.isEmpty() ? List.of(promptOfFile()) : unescapedPrompts();
    try (PolyLm polyLm = model.open(streams)) {
      AnswerPrinter printer = new AnswerPrinter(streams);
      for (String text : texts) {
        if (!Thread.currentThread().isInterrupted()) {
          answer(polyLm, constrained(request(text).withConfig(config), constraint), printer);
        }
      }
    }
    return ExitCodes.OK;
  }

  /** Checked here, since picocli would call a prompt with a wrong escape unmatched. */
  private List<String> unescapedPrompts() {
    try {
      return prompts.stream().map(new Escapes()::convert).toList();
    } catch (TypeConversionException e) {
      throw usageError(String.valueOf(e.getMessage()));
    }
  }

  private String promptOfFile() {
    return promptFile == null
        ? Prompts.fromStandardInput(streams.in())
        : Prompts.fromFile(promptFile);
  }

  private GenerationRequest request(String prompt) {
    return trusted ? GenerationRequest.ofTrustedPrompt(prompt) : GenerationRequest.ofPrompt(prompt);
  }

  private static GenerationRequest constrained(
      GenerationRequest request, @Nullable Constraint constraint) {
    return constraint == null ? request : request.withConstraint(constraint);
  }

  /** Prints the answers to a prompt. A single answer is printed while it is made. */
  private void answer(PolyLm polyLm, GenerationRequest request, AnswerPrinter printer) {
    GenerationConfig effective = request.config().over(polyLm.generationDefaults());
    GenerationResult result;
    if (json) {
      result = polyLm.generate(request);
      streams.print(GenerationAnswer.json(result, polyLm.manifest().tokenizer() != null) + "\n");
    } else if (effective.numBeams() == 1 && effective.numReturnSequences() == 1) {
      printer.begin();
      result = polyLm.generate(request.withTextListener(printer::print));
      printer.end(result.sequences().get(0));
    } else {
      result = polyLm.generate(request);
      result.sequences().forEach(printer::printWhole);
    }
    streams.sayIfVerbose(Figures.of(result));
  }

  private ObjectNode answer(
      PolyLm polyLm, JsonRequest line, GenerationConfig defaults, @Nullable Constraint otherwise) {
    GenerationRequest request =
        line.form(List.of(PROMPT, INPUT_IDS), CONFIG, CONSTRAINT) == PROMPT
            ? request(line.text("prompt"))
            : GenerationRequest.ofIds(line.ids("input_ids"));
    GenerationConfig config = GenerationConfig.fromJson(line.objectJson(CONFIG)).orElse(defaults);
    Constraint constraint =
        line.has(CONSTRAINT) ? ConstraintOptions.of(line.value(CONSTRAINT)) : otherwise;
    boolean withTexts = polyLm.manifest().tokenizer() != null;
    return GenerationAnswer.json(
        polyLm.generate(constrained(request.withConfig(config), constraint)), withTexts);
  }
}
