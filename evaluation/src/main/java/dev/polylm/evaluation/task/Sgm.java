package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.text.PythonText;
import dev.polylm.internal.untrusted.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sentences of WMT's sgm. It looks like XML but need not be: its texts have bare ampersands.
 */
final class Sgm {
  /**
   * A sentence.
   *
   * @param place its document's and its own identifier, which the other side's file has too
   * @param text what it says, on one line
   */
  record Segment(String place, String text) {}

  /** The tags that matter: a document's begin, and a segment's begin and end. */
  private static final Pattern TAG =
      Pattern.compile(
          "<(/?)(doc|seg)(?=[\\s/>])([^>\"']*+(?:\"[^\"]*+\"[^>\"']*+|'[^']*+'[^>\"']*+){0,20}+)>",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern DOCUMENT = attribute("docid");
  private static final Pattern NUMBER = attribute("id");
  private static final Pattern REFERENCE =
      Pattern.compile("&(?:(lt|gt|quot|apos|amp)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));");

  private final DataFile file;
  private final List<Segment> segments = new ArrayList<>();

  private Sgm(DataFile file) {
    this.file = file;
  }

  private static Pattern attribute(String name) {
    return Pattern.compile(
        "(?<![\\w-])" + name + "\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'/>]+))",
        Pattern.CASE_INSENSITIVE);
  }

  /**
   * Returns the segments of a file in their order.
   *
   * @throws PolyLmException if there is none, or one has no text or no end
   */
  static List<Segment> segments(DataFile file) {
    Sgm sgm = new Sgm(file);
    sgm.read(file.text());
    if (sgm.segments.isEmpty()) {
      throw new PolyLmException(
          "%s: has no <seg>, expected %s".formatted(file.path(), file.form()));
    }
    return sgm.segments;
  }

  private void read(String text) {
    Matcher tag = TAG.matcher(text);
    String document = "";
    while (tag.find()) {
      boolean begins = tag.group(1).isEmpty();
      if (begins && tag.group(2).equalsIgnoreCase("doc")) {
        document = value(DOCUMENT, tag.group(3));
      } else if (begins) {
        String number = value(NUMBER, tag.group(3));
        String place =
            document.isEmpty() ? "seg " + number : "doc %s, seg %s".formatted(document, number);
        segments.add(new Segment(place, sentence(place, text, tag)));
      }
    }
  }

  private static String value(Pattern attribute, String attributes) {
    Matcher found = attribute.matcher(attributes);
    if (!found.find()) {
      return "";
    }
    for (int group = 1; group < 3; group++) {
      if (found.group(group) != null) {
        return found.group(group);
      }
    }
    return found.group(3);
  }

  /** Returns the text between a segment's begin and the next tag, which must be its end. */
  private String sentence(String place, String text, Matcher tag) {
    int begin = tag.end();
    boolean closed = tag.group(3).endsWith("/");
    if (!closed
        && !(tag.find() && !tag.group(1).isEmpty() && tag.group(2).equalsIgnoreCase("seg"))) {
      throw wrong(place, "no </seg>");
    }
    String sentence =
        closed ? "" : String.join(" ", PythonText.split(text.substring(begin, tag.start())));
    if (sentence.isEmpty()) {
      throw wrong(place, "no text");
    }
    return unescape(sentence);
  }

  private PolyLmException wrong(String place, String what) {
    return new PolyLmException(
        "%s: %s has %s, expected %s".formatted(file.path(), Quoted.of(place), what, file.form()));
  }

  private static String unescape(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(character(found.group(1), number(found))));
  }

  /** Returns the number of a numeric reference, or -1 for a named one. */
  private static int number(MatchResult reference) {
    if (reference.group(2) != null) {
      return Integer.parseInt(reference.group(2));
    }
    return reference.group(3) == null ? -1 : Integer.parseInt(reference.group(3), 16);
  }

  private static String character(@Nullable String name, int number) {
    if (name == null) {
      boolean isCharacter =
          Character.isValidCodePoint(number) && Character.getType(number) != Character.SURROGATE;
      return isCharacter ? Character.toString(number) : "&#%s;".formatted(number);
    }
    return switch (name) {
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> "&";
    };
  }
}
