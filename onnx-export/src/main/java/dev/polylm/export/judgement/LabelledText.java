package dev.polylm.export.judgement;

import dev.polylm.prompt.Language;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids of a shipped text, and the language of each.
 *
 * @param ids of the whole text, including the beginning and end that the model adds
 * @param languages by place in {@code ids}: a code such as {@code th}, or empty for the parts that
 *     all texts share
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record LabelledText(int[] ids, List<String> languages) {
  private static final Pattern REQUEST =
      Pattern.compile("Translate this sentence from (\\w+) to (\\w+)\\.");
  private static final String SHARED = "";

  /**
   * @param encoder returns a text's ids
   * @param eos the id that ends a document
   */
  static LabelledText of(String text, Function<String, int[]> encoder, int eos) {
    List<String> labels = new ArrayList<>();
    Matcher request = REQUEST.matcher(text);
    boolean known = request.find();
    String from = known ? Language.of(request.group(1)).code() : SHARED;
    String to = known ? Language.of(request.group(2)).code() : SHARED;
    int end = 0;
    for (String line : text.split("(?<=\n)", -1)) {
      boolean marker = line.startsWith("<|") || line.isBlank();
      boolean source = known && end < request.start() && !marker;
      boolean target = known && end > request.start() && !marker;
      end += line.length();
      int tokens = encoder.apply(text.substring(0, end)).length;
      String label = source ? from : target ? to : SHARED;
      labels.addAll(Collections.nCopies(Math.max(0, tokens - labels.size()), label));
    }
    int[] ids = encoder.apply(text);
    int[] ended = Arrays.copyOf(ids, ids.length + 1);
    ended[ids.length] = eos;
    while (labels.size() < ended.length) {
      labels.add(SHARED);
    }
    return new LabelledText(ended, labels.subList(0, ended.length));
  }

  /** Returns the text's languages. */
  Set<String> covered() {
    Set<String> covered = new TreeSet<>(languages);
    covered.remove(SHARED);
    return covered;
  }
}
