package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.prompt.Language;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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

/** Translates a file line by line. */
@Command(
    name = "translate",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    description = {
      "Translates a file line by line, several lines at once, and keeps their order.",
      "A line is a text, or with --jsonl a JSON object with the key text, and from and to if it has"
          + " languages of its own; its answer is the same object with the key translation.",
      "If the command was ended, --resume continues with the first line that has no answer."
    })
final class TranslateCommand implements Callable<Integer> {
  private final Streams streams;
  private final GenerationOptions options = new GenerationOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "IN",
      arity = "0..1",
      defaultValue = LineFiles.STANDARD_STREAM,
      description = "The file to translate; without it, or if it is -, standard input.")
  private String input = LineFiles.STANDARD_STREAM;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      defaultValue = LineFiles.STANDARD_STREAM,
      description = "The file of the translations; without it standard output.")
  private String output = LineFiles.STANDARD_STREAM;

  @Option(
      names = "--from",
      paramLabel = "LANGUAGE",
      required = true,
      converter = Languages.class,
      description = "The language of the texts: a code such as en, or an English name.")
  private Language from = Language.ENGLISH;

  @Option(
      names = "--to",
      paramLabel = "LANGUAGE",
      required = true,
      converter = Languages.class,
      description = "The language of the translations.")
  private Language to = Language.CHINESE;

  @ArgGroup private @Nullable Format format;

  @Option(
      names = "--glossary",
      paramLabel = "FILE",
      description =
          "A file with a term, a tab and its translation on each line. Where the term occurs, the"
              + " translation does, too. Needs beams.")
  private @Nullable Path glossary;

  @Option(names = "--resume", description = "Continues OUT after its last whole line.")
  private boolean resume;

  @Option(names = "--force", description = "Replaces OUT.")
  private boolean force;

  @Mixin private RunOptions model = new RunOptions();

  /** What a line is; without either the input's name tells. */
  static final class Format {
    @Option(names = "--jsonl", description = "A line is a JSON object, as in files named *.jsonl.")
    boolean jsonl;

    @Option(names = "--text", description = "A line is a text, as in files of other names.")
    boolean text;
  }

  private TranslateCommand(Streams streams) {
    this.streams = streams;
  }

  static CommandLine commandLine(Streams streams) {
    TranslateCommand command = new TranslateCommand(streams);
    CommandLine commandLine = new CommandLine(command);
    command.options.addTo(commandLine.getCommandSpec());
    HelpSections.ofGeneration("--from", "--to", "--glossary", "--output", "--resume", "--force")
        .addTo(commandLine.getCommandSpec());
    return commandLine;
  }

  @Override
  public Integer call() throws IOException {
    if (from == to) {
      throw usageError("--from and --to are both %s, must be two languages".formatted(to.code()));
    }
    if (resume && (force || output.equals(LineFiles.STANDARD_STREAM))) {
      throw usageError("--resume needs a file to continue: -o OUT, without --force");
    }
    GenerationConfig config = config();
    Glossary terms = glossary();
    LineFiles files = new LineFiles(input, output, streams);
    files.checkDifferent("IN", "--output");
    long done = resume ? files.keepWholeLines() : 0;
    if (!resume && !force) {
      files.checkNew();
    }
    boolean jsonl = format == null ? input.endsWith(".jsonl") : format.jsonl;
    try (PolyLm polyLm = model.open(streams)) {
      if (terms != null && config.over(polyLm.generationDefaults()).numBeams() == 1) {
        throw usageError("--glossary needs beams, such as --num-beams 4");
      }
      LineTranslator translator = new LineTranslator(polyLm, config, from, to, terms, jsonl);
      return new TranslationRun(files, streams, translator, done).run(resume);
    }
  }

  private GenerationConfig config() {
    try {
      return GenerationConfig.fromJson(options.json());
    } catch (PolyLmException e) {
      throw usageError(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable Glossary glossary() {
    try {
      return glossary == null ? null : Glossary.read(glossary);
    } catch (PolyLmException e) {
      throw usageError(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Knows the languages by code or name. */
  static final class Languages implements CommandLine.ITypeConverter<Language> {
    @Override
    public Language convert(String value) {
      try {
        return Language.of(value);
      } catch (PolyLmException e) {
        throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
