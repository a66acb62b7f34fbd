package dev.polylm.cli;

import dev.polylm.PolyLmException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command itself; its subcommands do the work. */
@Command(
    name = "polylm",
    mixinStandardHelpOptions = true,
    versionProvider = PolyLmCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Converts and runs PolyLM language models.",
    footer = {
      "",
      "Exit status: 0; 1 if something could not be answered or done; 2 if the arguments are wrong;"
          + " 3 if the model can't be used; 130 after Ctrl-C."
    })
final class PolyLmCommand implements Runnable {
  static final String VERBOSE = "--verbose";

  /** Makes the subcommands, in the order of the help. */
  private static final Map<String, Function<Streams, Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("generate", GenerateCommand::commandLine);
    COMMANDS.put("chat", ChatCommand::commandLine);
    COMMANDS.put("translate", TranslateCommand::commandLine);
    COMMANDS.put("serve", ServeCommand::new);
    COMMANDS.put("embed", EmbedCommand::new);
    COMMANDS.put("score", ScoreCommand::new);
    COMMANDS.put("evaluate", EvaluateCommand::new);
    COMMANDS.put("tokenize", TokenizeCommand::new);
    COMMANDS.put("inspect", InspectCommand::new);
    COMMANDS.put("models", ModelsCommand::new);
    COMMANDS.put("download", DownloadCommand::new);
    COMMANDS.put("export", ExportCommand::new);
    COMMANDS.put("adapter", AdapterCommand::new);
    COMMANDS.put("bench", BenchCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
  }

  /** At the start of some of picocli's messages. */
  private static final String ERROR = "Error: ";

  private static final int HELP_COLUMNS = 90;
  private static final int HELP_OPTION_COLUMNS = 36;

  private final Streams streams;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Says nothing but errors.")
  private boolean quiet;

  @Option(
      names = VERBOSE,
      scope = ScopeType.INHERIT,
      description = "Also gives figures, what libraries log, and where an unexpected error arose.")
  private boolean verbose;

  private PolyLmCommand(Streams streams) {
    this.streams = streams;
  }

  /** Runs the command and returns its exit status, one of {@link ExitCodes}. */
  static int run(Streams streams, String... args) {
    StringWriter help = new StringWriter(); // a PrintWriter would not say why it can't be written
    int status = commandLine(streams, args).setOut(new PrintWriter(help)).execute(args);
    try {
      streams.print(help.toString());
    } catch (ReaderGoneException e) {
      return ExitCodes.OK;
    } catch (PolyLmException e) {
      streams.sayError(String.valueOf(e.getMessage()), "");
      return ExitCodes.SOME_FAILED;
    }
    return Thread.currentThread().isInterrupted() ? ExitCodes.INTERRUPTED : status;
  }

  /**
   * Returns the command with its subcommands, or only with the one that the first argument names,
   * since each takes some time to make.
   */
  static CommandLine commandLine(Streams streams, String... args) {
    PolyLmCommand command = new PolyLmCommand(streams);
    CommandLine commandLine = new CommandLine(command);
    String first = args.length == 0 ? "" : args[0];
    COMMANDS.forEach(
        (name, subcommand) -> {
          if (first.equals(name) || !COMMANDS.containsKey(first)) {
            commandLine.addSubcommand(name, subcommand.apply(streams));
          }
        });
    return commandLine
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_COLUMNS)
        .setUsageHelpLongOptionsMaxWidth(HELP_OPTION_COLUMNS)
        .setColorScheme(Help.defaultColorScheme(ansi(streams)))
        .setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8))
        .setExecutionStrategy(command::execute)
        .setParameterExceptionHandler((e, arguments) -> usageError(streams, e))
        .setExecutionExceptionHandler((e, line, result) -> command.failure(e));
  }

  private static Help.Ansi ansi(Streams streams) {
    return streams.screen().colour() && streams.screen().output() ? Help.Ansi.ON : Help.Ansi.OFF;
  }

  private int execute(CommandLine.ParseResult arguments) {
    streams.setVerbosity(
        verbose
            ? Streams.Verbosity.VERBOSE
            : quiet ? Streams.Verbosity.QUIET : Streams.Verbosity.NORMAL);
    return new RunLast().execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command is given; expected one of " + spec.subcommands().keySet());
  }

  private static int usageError(Streams streams, ParameterException e) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    Optional<String> near =
        e instanceof UnmatchedArgumentException unmatched
            ? NearestName.of(unmatched)
            : Optional.empty();
    String help = "Try '%s --help'.".formatted(name);
    String message = String.valueOf(e.getMessage());
    streams.sayError(
        message.startsWith(ERROR) ? message.substring(ERROR.length()) : message,
        near.map(found -> "Did you mean %s? %s".formatted(found, help)).orElse(help));
    return ExitCodes.USAGE;
  }

  private int failure(Exception e) {
    if (e instanceof ReaderGoneException) {
      return ExitCodes.OK;
    }
    if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
      return ExitCodes.INTERRUPTED;
    }
    streams.sayError(Sentences.of(e), hint(e));
    if (verbose) {
      e.printStackTrace(streams.err());
    }
    return e instanceof CommandException failure ? failure.exitCode() : ExitCodes.SOME_FAILED;
  }

  private String hint(Exception e) {
    if (e instanceof CommandException failure) {
      return failure.hint();
    }
    return Sentences.isExplained(e) || verbose ? "" : "Add --verbose to see where it arose.";
  }

  /** Returns the version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      @Nullable String version = PolyLmCommand.class.getPackage().getImplementationVersion();
      return new String[] {"polylm " + (version == null ? "(not packaged)" : version)};
    }
  }
}
