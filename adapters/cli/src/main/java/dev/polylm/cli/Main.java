package dev.polylm.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The entry point of the {@code polylm} command. */
public final class Main {
  /** The polylm script sets this, since it can tell whether standard error is a terminal. */
  private static final String TERMINAL_PROPERTY = "polylm.terminal";

  private Main() {}

  /** Runs the command and ends the JVM with its exit status. */
  public static void main(String[] args) {
    Streams streams =
        new Streams(
            System.in, // on Java 17 a plain FileInputStream can't read all of a pipe or terminal
            new FileOutputStream(FileDescriptor.out),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            Boolean.getBoolean(TERMINAL_PROPERTY));
    System.exit(run(streams, args));
  }

  /** Runs the command and returns its exit status: 0, 1 for a failure, 2 for wrong arguments. */
  static int run(Streams streams, String... args) {
    return new CommandLine(new PolyLmCommand())
        .addSubcommand(new EvaluateCommand(streams))
        .addSubcommand(new ExportCommand(streams))
        .addSubcommand(GenerateCommand.commandLine(streams))
        .addSubcommand(new InspectCommand(streams))
        .addSubcommand(new ScoreCommand(streams))
        .addSubcommand(new TokenizeCommand(streams))
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(streams.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(streams.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((e, arguments) -> usageError(streams, e))
        .setExecutionExceptionHandler((e, line, result) -> failure(streams, e))
        .execute(args);
  }

  private static int usageError(Streams streams, ParameterException e) {
    CommandLine command = e.getCommandLine();
    streams.say("polylm: " + e.getMessage());
    streams.say("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failure(Streams streams, Exception e) {
    streams.say("polylm: " + Sentences.of(e));
    return CommandLine.ExitCode.SOFTWARE;
  }
}
