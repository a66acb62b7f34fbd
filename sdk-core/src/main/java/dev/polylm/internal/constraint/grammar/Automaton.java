package dev.polylm.internal.constraint.grammar;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.term.Budget;
import dev.polylm.internal.constraint.term.ByteGroups;
import dev.polylm.internal.constraint.term.ClassDerivatives;
import dev.polylm.internal.constraint.term.Derivatives;
import dev.polylm.internal.constraint.term.Emptiness;
import dev.polylm.internal.constraint.term.PlainClasses;
import dev.polylm.internal.constraint.term.ShortestText;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes by a grammar: a pushdown automaton that is made deterministic as texts are read. It
 * has no lexer, so only the bytes decide. Not thread-safe: its owner must guard it.
 */
public final class Automaton {
  private static final int MAX_STACKS = 20_000;
  private static final int ROW = 256;
  private static final int ROW_BYTES = 1_100;
  private static final int CLASSES_BYTES = 420;
  private static final int STACK_BYTES = 120;
  private static final int TERM_BYTES = 250;
  private static final int DERIVATIVE_BYTES = 30;
  private static final Comparator<Stack> BY_ID = Comparator.comparingInt(stack -> stack.id);

  private final Terms terms;
  private final Derivatives derivatives;
  private final Emptiness emptiness;
  private final ClassDerivatives classDerivatives;
  private final Stack end = new Stack(0, null, null);
  private final Map<StackKey, Stack> stacks = new HashMap<>();
  private final Map<List<Stack>, Configuration> configurations = new HashMap<>();
  private final Rule startRule;
  private final Configuration start;
  private @Nullable Completion completion; // made when it is needed
  private int rows;
  private int rowsOfClasses;

  /** Identity is enough, because symbols and stacks are made once. */
  private record StackKey(Symbol top, Stack rest) {}

  /**
   * @param grammar a sealed grammar; its table of terms is copied, and never changed
   */
  public Automaton(Grammar grammar, Rule start) {
    this.terms = new Terms(grammar.terms(), Budget.ofUse());
    this.derivatives = new Derivatives(terms);
    this.emptiness = new Emptiness(derivatives);
    this.classDerivatives = new ClassDerivatives(terms, derivatives, emptiness);
    this.startRule = start;
    this.start = configuration(expanded(stack(start, end)));
  }

  /** Returns the configuration before any text. */
  public Configuration start() {
    return start;
  }

  public Terms terms() {
    return terms;
  }

  public Emptiness emptiness() {
    return emptiness;
  }

  /** Returns about how many bytes its rows take. They only save time. */
  public long rowBytes() {
    return (long) rows * ROW_BYTES + (long) rowsOfClasses * CLASSES_BYTES;
  }

  /** Returns about how many bytes it takes. */
  public long sizeInBytes() {
    return rowBytes()
        + (long) stacks.size() * STACK_BYTES
        + (long) terms.size() * TERM_BYTES
        + (long) (derivatives.size() + classDerivatives.size()) * DERIVATIVE_BYTES;
  }

  /** Returns the configuration after a text, or null if no text of the grammar begins so. */
  public @Nullable Configuration after(Configuration from, byte[] text) {
    @Nullable Configuration at = from;
    for (int i = 0; at != null && i < text.length; i++) {
      int b = Byte.toUnsignedInt(text[i]);
      at = at.row == null ? step(at, b) : at.row[b];
    }
    return at;
  }

  /** Returns the configuration after each byte, or null if no text continues with that byte. */
  public @Nullable Configuration[] row(Configuration from) {
    @Nullable Configuration[] row = from.row;
    if (row == null) {
      row = new Configuration[ROW];
      int[] representatives = derivatives.representatives(from.nextTerms());
      for (int b = 0; b < ROW; b++) {
        row[b] = representatives[b] == b ? step(from, b) : row[representatives[b]];
      }
      @Nullable Configuration[] filled = row;
      from.loops = ByteGroups.whole(b -> filled[b] == from);
      from.row = row;
      rows++;
    }
    return row;
  }

  /**
   * Returns the configuration after any character of a class, {@link Configuration#NONE} or {@link
   * Configuration#MIXED}.
   */
  public Configuration afterClass(Configuration from, int ofClass) {
    @Nullable Configuration[] known = from.byClass;
    if (known == null) {
      known = new Configuration[PlainClasses.END - PlainClasses.FIRST];
      from.byClass = known;
      rowsOfClasses++;
    }
    Configuration next = known[ofClass - PlainClasses.FIRST];
    if (next == null) {
      next = stepByClass(from, ofClass);
      known[ofClass - PlainClasses.FIRST] = next;
    }
    return next;
  }

  private Configuration stepByClass(Configuration from, int ofClass) {
    Set<Stack> next = new HashSet<>();
    for (Stack stack : from.stacks) {
      terms.budget().step();
      if (stack.top instanceof Term term && stack.rest != null) {
        Term left = classDerivatives.of(term, ofClass);
        if (left == null) {
          return Configuration.MIXED;
        }
        push(left, stack.rest, next);
      }
    }
    return next.isEmpty() ? Configuration.NONE : configuration(next);
  }

  /** Returns true if the text may end here and can't continue. */
  public boolean ended(Configuration at) {
    return at.accepting() && Arrays.stream(row(at)).allMatch(Objects::isNull);
  }

  /**
   * Returns the bytes that every text continues with, up to a limit and to a place where a text may
   * end.
   */
  public byte[] forced(Configuration from, int limit) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Configuration at = from;
    while (!at.accepting() && text.size() < limit) {
      @Nullable Configuration[] row = row(at);
      int only = onlyByte(row);
      Configuration next = only < 0 ? null : row[only];
      if (next == null) {
        break;
      }
      text.write(only);
      at = next;
    }
    return text.toByteArray();
  }

  /** Returns the shortest text after which the text may end. */
  public byte[] completion(Configuration from) {
    if (completion == null) {
      completion = new Completion(startRule, new ShortestText(terms, derivatives, emptiness));
    }
    return completion.of(from);
  }

  private static int onlyByte(@Nullable Configuration[] row) {
    int only = -1;
    for (int b = 0; b < ROW; b++) {
      if (row[b] != null) {
        if (only >= 0) {
          return -1;
        }
        only = b;
      }
    }
    return only;
  }

  private @Nullable Configuration step(Configuration from, int b) {
    Set<Stack> next = new HashSet<>();
    for (Stack stack : from.stacks) {
      terms.budget().step();
      if (stack.top instanceof Term term && stack.rest != null) {
        push(derivatives.of(term, b), stack.rest, next);
      }
    }
    return next.isEmpty() ? null : configuration(next);
  }

  private void push(Term left, Stack rest, Set<Stack> next) {
    if (left != Terms.EMPTY && !emptiness.isEmpty(left)) {
      next.addAll(expanded(stack(left, rest)));
    }
  }

  private Configuration configuration(Collection<Stack> found) {
    if (found.size() > MAX_STACKS) {
      throw new PolyLmException(
          String.format(
              Locale.ROOT,
              "the constraint is too ambiguous: a text can be at over %,d places in it",
              MAX_STACKS));
    }
    Stack[] sorted = found.toArray(Stack[]::new);
    Arrays.sort(sorted, BY_ID);
    return configurations.computeIfAbsent(List.of(sorted), Configuration::new);
  }

  private Stack stack(Symbol top, Stack rest) {
    return stacks.computeIfAbsent(
        new StackKey(top, rest), key -> new Stack(stacks.size() + 1, top, rest));
  }

  /**
   * Returns the stacks with a term on top that rules make from a stack, and the end if it can be
   * reached.
   */
  private List<Stack> expanded(Stack stack) {
    List<Stack> known = stack.expanded;
    if (known != null) {
      return known;
    }
    Set<Stack> seen = new HashSet<>();
    Set<Stack> found = new TreeSet<>(BY_ID);
    Deque<Stack> queue = new ArrayDeque<>();
    queue.add(stack);
    while (!queue.isEmpty()) {
      Stack next = queue.remove();
      if (seen.add(next)) {
        terms.budget().step();
        expand(next, found, queue);
      }
    }
    stack.expanded = List.copyOf(found);
    return stack.expanded;
  }

  private void expand(Stack stack, Set<Stack> found, Deque<Stack> queue) {
    if (stack.top instanceof Rule rule && stack.rest != null) {
      for (List<Symbol> alternative : rule.alternatives()) {
        Stack pushed = stack.rest;
        for (int i = alternative.size() - 1; i >= 0; i--) {
          pushed = stack(alternative.get(i), pushed);
        }
        queue.add(pushed);
      }
      return;
    }
    if (stack.top != Terms.EPSILON) {
      found.add(stack);
    }
    if (stack.top instanceof Term term && term.nullable() && stack.rest != null) {
      queue.add(stack.rest);
    }
  }
}
