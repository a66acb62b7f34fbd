package dev.polylm.internal.untrusted;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the known names that a mistyped one may mean. */
public final class NearestNames {
  private static final int LONGEST = 64;

  private NearestNames() {}

  /**
   * Returns up to three known names that differ by few letters. Case, dots, hyphens and underscores
   * don't count.
   */
  public static List<String> of(String name, Collection<String> known) {
    if (name.length() > LONGEST) {
      return List.of();
    }
    String plain = plain(name);
    int limit = Math.max(1, plain.length() / 4);
    List<String> near = new ArrayList<>();
    for (String candidate : known) {
      int distance = distance(plain, plain(candidate));
      if (distance == 0) {
        return List.of(candidate);
      }
      if (distance <= limit) {
        near.add(candidate);
      }
    }
    near.sort(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))));
    return near.subList(0, Math.min(3, near.size()));
  }

  /** Returns a name in lower case, without what separates its words. */
  public static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }

  /**
   * Returns Levenshtein's distance: the number of insertions, deletions and replacements of one
   * letter.
   */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
