package dev.polylm.internal.constraint.mask;

import dev.polylm.internal.constraint.grammar.Automaton;
import dev.polylm.internal.constraint.grammar.Configuration;
import dev.polylm.internal.constraint.term.Derivatives;
import dev.polylm.internal.constraint.term.FreeText;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether any plain text may continue for ever, if the form of the terms doesn't show it.
 * That is so if several patterns divide the strings between them, or if a name may be anything that
 * a pattern does not match. It follows plain text and the grammar side by side, and gives up if
 * there are too many places.
 */
final class PlainText {
  private static final int MAX_PLACES = 40;
  private static final byte[] PROBES = {' ', 'a', 'Z', '0', '~', '-', '.'};

  private final Automaton automaton;
  private final Derivatives derivatives;
  private final Term text;

  /** A place in the grammar, and the rest of the character there. */
  private record Place(Configuration at, Term text) {}

  PlainText(Automaton automaton) {
    this.automaton = automaton;
    this.derivatives = new Derivatives(automaton.terms());
    this.text = FreeText.anyPlainText(automaton.terms());
  }

  boolean isFree(Configuration at) {
    @Nullable Configuration[] row = automaton.row(at);
    for (byte probe : PROBES) {
      if (row[probe] == null) {
        return false;
      }
    }
    Set<Place> seen = new HashSet<>();
    Deque<Place> open = new ArrayDeque<>();
    open.add(new Place(at, text));
    while (!open.isEmpty()) {
      Place place = open.remove();
      if (seen.add(place) && (seen.size() > MAX_PLACES || !addNext(place, open))) {
        return false;
      }
    }
    return true;
  }

  private boolean addNext(Place place, Deque<Place> open) {
    @Nullable Configuration[] row = automaton.row(place.at);
    int[] representatives = derivatives.representatives(List.of(place.text));
    Set<Place> next = new HashSet<>();
    for (int b = 0; b < row.length; b++) {
      Term left = derivatives.of(place.text, representatives[b]);
      if (left != Terms.EMPTY) {
        Configuration after = row[b];
        if (after == null) {
          return false;
        }
        next.add(new Place(after, left));
      }
    }
    open.addAll(next);
    return true;
  }
}
