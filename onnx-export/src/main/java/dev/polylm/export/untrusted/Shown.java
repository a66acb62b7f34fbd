package dev.polylm.export.untrusted;

/** What a stranger's file says, as a message may show it. */
public final class Shown {
  private static final int CHARACTERS = 120;

  private Shown() {}

  /** The value as a text: not long, on one line. */
  public static String of(Object value) {
    String text = value.toString();
    boolean longer = text.length() > CHARACTERS;
    String start = longer ? text.substring(0, CHARACTERS) + "..." : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
