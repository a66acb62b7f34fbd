package dev.polylm.internal.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a user should know of a path at which nothing was found. */
public final class PathHint {
  private PathHint() {}

  /**
   * Returns where the path was looked for and what in it looks like a mistake, each after a
   * semicolon. The text is empty for an absolute path that looks right.
   */
  public static String of(Path path) {
    List<String> hints = new ArrayList<>();
    if (!path.isAbsolute()) {
      hints.add("a relative path is one in the working folder, here " + path.toAbsolutePath());
    }
    String text = path.toString();
    if (text.isEmpty()) {
      hints.add("the path is empty");
    }
    if (text.startsWith("~")) {
      hints.add("only a shell replaces ~ by the home folder");
    }
    if (text.startsWith("file:")) {
      hints.add("leave out file:, a URL is no path");
    }
    if (text.startsWith("classpath")) {
      hints.add("the model on the class path is used where no path is given");
    }
    if (text.contains("$")) {
      hints.add("the path has a variable that nothing replaced");
    }
    if (text.matches("[\"'].*[\"']")) {
      hints.add("leave out the quotation marks");
    }
    if (!text.equals(text.strip())) {
      hints.add("the path begins or ends with a space");
    }
    return hints.isEmpty() ? "" : "; " + String.join("; ", hints);
  }
}
