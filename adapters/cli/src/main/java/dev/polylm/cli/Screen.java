package dev.polylm.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the standard streams are a terminal, and whether it gets colours.
 *
 * @param input whether standard input is a terminal
 * @param output whether standard output is a terminal
 * @param error whether standard error is a terminal
 * @param colour whether text for people is coloured
 */
record Screen(boolean input, boolean output, boolean error, boolean colour) {
  /** No stream is a terminal. */
  static final Screen NONE = new Screen(false, false, false, false);

  /**
   * The numbers of the streams that are terminals, such as "02". The polylm script sets it, since a
   * shell can tell, and Java 17 can't.
   */
  private static final String PROPERTY = "polylm.terminal";

  /** Finds out about the process's own streams. */
  static Screen ofProcess(Map<String, String> environment) {
    String terminals = System.getProperty(PROPERTY);
    boolean error = isTerminal(2, terminals);
    return new Screen(
        isTerminal(0, terminals),
        isTerminal(1, terminals),
        error && !isDumb(environment),
        error && !isDumb(environment) && environment.getOrDefault("NO_COLOR", "").isEmpty());
  }

  private static boolean isDumb(Map<String, String> environment) {
    return "dumb".equals(environment.get("TERM"));
  }

  private static boolean isTerminal(int stream, @Nullable String terminals) {
    if (terminals != null) {
      return terminals.contains(Integer.toString(stream));
    }
    Path descriptor = Path.of("/proc/self/fd/" + stream);
    if (!Files.isSymbolicLink(descriptor)) {
      return hasConsole();
    }
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  @SuppressWarnings("SystemConsoleNull") // null before Java 22; since then isTerminal tells
  private static boolean hasConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  /** Returns a text in red, if there are colours. */
  String red(String text) {
    return coloured("31", text);
  }

  /** Returns a text in bold, if there are colours. */
  String bold(String text) {
    return coloured("1", text);
  }

  private String coloured(String code, String text) {
    return colour ? "\u001b[%sm%s\u001b[0m".formatted(code, text) : text;
  }
}
