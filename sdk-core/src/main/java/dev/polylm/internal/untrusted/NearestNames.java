package dev.polylm.internal.untrusted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the known names that a mistyped one may mean. */
public final class NearestNames {
  /** Longer names are not looked at: nobody means them, and they would take long. */
  public static final int LONGEST = 64;

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
   * Returns how many letters must be inserted, left out, replaced or swapped with the next to make
   * one name of another: the distance of optimal string alignment.
   */
  public static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (isSwapped(a, i, b, j)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
    }
    return row[b.length()];
  }

  /** Returns whether the two letters before two places are each other's. */
  private static boolean isSwapped(String a, int i, String b, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
