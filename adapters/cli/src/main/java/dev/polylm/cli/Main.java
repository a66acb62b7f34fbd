package dev.polylm.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The entry point of the {@code polylm} command. */
public final class Main {
  private Main() {}

  /** Runs the command and ends the JVM with its exit status. */
  public static void main(String[] args) {
    QuietLogs.install(List.of(args).contains(PolyLmCommand.VERBOSE));
    StandardInput in = new StandardInput(System.in);
    Streams streams =
        new Streams(
            in,
            new FileOutputStream(FileDescriptor.out),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            Screen.ofProcess(System.getenv()),
            System.getenv());
    Interruption interruption = Interruption.ofThisThread(in);
    int status = PolyLmCommand.run(streams, args);
    interruption.workIsDone();
    System.exit(status);
  }
}
