package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a grammar by the textbook: terms as trees, a derivative by its definition, sets of stacks.
 * Only dead ends are remembered, and nothing of the automaton's code is used.
 */
public final class NaiveAcceptor {
  private static final int MAX_STATES = 20_000;
  private static final BitSet NONE = new BitSet();

  private final Map<Term, Node> nodes = new HashMap<>();
  private final Map<Node, Boolean> dead = new HashMap<>();

  /** A term as a tree; two of the same form are equal. */
  static final class Node {
    static final Node EMPTY = of(Term.Kind.EMPTY);
    static final Node EPSILON = of(Term.Kind.EPSILON);

    final Term.Kind kind;
    final BitSet bytes;
    final List<Node> parts;
    final int min;
    final int max;
    private final int hash;

    Node(Term.Kind kind, BitSet bytes, List<Node> parts, int min, int max) {
      this.kind = kind;
      this.bytes = bytes;
      this.parts = parts;
      this.min = min;
      this.max = max;
      this.hash = Objects.hash(kind.name(), bytes, parts, min, max);
    }

    static Node of(Term.Kind kind, Node... parts) {
      return new Node(kind, NONE, List.of(parts), 0, 0);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other == this
          || (other instanceof Node node
              && node.hash == hash
              && node.kind == kind
              && node.min == min
              && node.max == max
              && node.bytes.equals(bytes)
              && node.parts.equals(parts));
    }

    static Node concat(Node a, Node b) {
      return a.equals(EMPTY) || b.equals(EMPTY)
          ? EMPTY
          : a.equals(EPSILON) ? b : b.equals(EPSILON) ? a : of(Term.Kind.CONCATENATION, a, b);
    }

    static Node either(List<Node> parts) {
      Set<Node> distinct = new HashSet<>();
      for (Node part : parts) {
        distinct.addAll(part.kind == Term.Kind.ALTERNATION ? part.parts : List.of(part));
      }
      distinct.remove(EMPTY);
      List<Node> sorted = new ArrayList<>(distinct);
      sorted.sort((a, b) -> Integer.compare(a.hashCode(), b.hashCode()));
      return sorted.isEmpty()
          ? EMPTY
          : sorted.size() == 1
              ? sorted.get(0)
              : new Node(Term.Kind.ALTERNATION, NONE, sorted, 0, 0);
    }

    boolean nullable() {
      return switch (kind) {
        case EMPTY, BYTES -> false;
        case EPSILON -> true;
        case CONCATENATION, INTERSECTION -> parts.stream().allMatch(Node::nullable);
        case ALTERNATION -> parts.stream().anyMatch(Node::nullable);
        case COMPLEMENT -> !parts.get(0).nullable();
        case REPETITION -> min == 0 || parts.get(0).nullable();
        case MULTIPLE -> max == 0;
      };
    }

    Node derivative(int b) {
      return switch (kind) {
        case EMPTY, EPSILON -> EMPTY;
        case BYTES -> bytes.get(b) ? EPSILON : EMPTY;
        case CONCATENATION -> {
          Node first = concat(parts.get(0).derivative(b), parts.get(1));
          boolean skips = parts.get(0).nullable();
          yield skips ? either(List.of(first, parts.get(1).derivative(b))) : first;
        }
        case ALTERNATION -> either(parts.stream().map(part -> part.derivative(b)).toList());
        case INTERSECTION -> {
          List<Node> all = parts.stream().map(part -> part.derivative(b)).toList();
          yield all.contains(EMPTY) ? EMPTY : new Node(kind, NONE, all, 0, 0);
        }
        case COMPLEMENT -> of(kind, parts.get(0).derivative(b));
        case REPETITION -> concat(parts.get(0).derivative(b), oneLess());
        case MULTIPLE -> afterDigit(b);
      };
    }

    private Node oneLess() {
      int most = max < 0 ? -1 : max - 1;
      return most == 0 ? EPSILON : new Node(kind, NONE, parts, Math.max(0, min - 1), most);
    }

    private Node afterDigit(int b) {
      if (b == '.') {
        return this;
      }
      boolean digit = b >= '0' && b <= '9';
      return digit
          ? new Node(kind, NONE, List.of(), min, (int) ((10L * max + b - '0') % min))
          : EMPTY;
    }

    boolean mayBeEmpty() {
      return kind == Term.Kind.INTERSECTION
          || kind == Term.Kind.COMPLEMENT
          || parts.stream().anyMatch(Node::mayBeEmpty);
    }
  }

  /** The stacks before any text; each is a list of nodes and rules, the next one first. */
  public Set<List<Object>> begin(Rule start) {
    Set<List<Object>> stacks = new HashSet<>();
    expand(List.of(start), stacks);
    return stacks;
  }

  public Set<List<Object>> step(Set<List<Object>> stacks, int b) {
    Set<List<Object>> next = new HashSet<>();
    for (List<Object> stack : stacks) {
      if (!stack.isEmpty()) {
        Node left = ((Node) stack.get(0)).derivative(b);
        if (!left.equals(Node.EMPTY) && !isDead(left)) {
          List<Object> pushed = new ArrayList<>(stack);
          pushed.set(0, left);
          expand(pushed, next);
        }
      }
    }
    return next;
  }

  public boolean mayEnd(Set<List<Object>> stacks) {
    return stacks.contains(List.of());
  }

  private void expand(List<Object> stack, Set<List<Object>> out) {
    if (stack.isEmpty()) {
      out.add(stack);
    } else if (stack.get(0) instanceof Rule rule) {
      for (List<Symbol> alternative : rule.alternatives()) {
        List<Object> pushed = new ArrayList<>();
        for (Symbol symbol : alternative) {
          pushed.add(symbol instanceof Term term ? node(term) : symbol);
        }
        pushed.addAll(stack.subList(1, stack.size()));
        expand(pushed, out);
      }
    } else {
      out.add(List.copyOf(stack));
      if (((Node) stack.get(0)).nullable()) {
        expand(stack.subList(1, stack.size()), out);
      }
    }
  }

  private Node node(Term term) {
    Node known = nodes.get(term);
    if (known == null) {
      BitSet bytes = new BitSet();
      IntStream.range(0, 256).filter(term::hasByte).forEach(bytes::set);
      List<Node> parts = term.parts().stream().map(this::node).toList();
      known = new Node(term.kind(), bytes, parts, term.min(), term.max());
      nodes.put(term, known);
    }
    return known;
  }

  private boolean isDead(Node start) {
    if (!start.mayBeEmpty()) {
      return false;
    }
    Boolean known = dead.get(start);
    if (known != null) {
      return known;
    }
    Map<Node, @Nullable Node> cameFrom = new HashMap<>();
    cameFrom.put(start, null);
    Deque<Node> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      Node node = open.remove();
      if (node.nullable() || Boolean.FALSE.equals(dead.get(node))) {
        for (@Nullable Node alive = node; alive != null; alive = cameFrom.get(alive)) {
          dead.put(alive, false);
        }
        return false;
      }
      for (int b = 0; b < 256; b++) {
        Node next = node.derivative(b);
        if (!next.equals(Node.EMPTY) && !cameFrom.containsKey(next)) {
          cameFrom.put(next, node);
          open.add(next);
        }
      }
      if (cameFrom.size() > MAX_STATES) {
        throw new IllegalStateException("too large for a naive search");
      }
    }
    cameFrom.keySet().forEach(node -> dead.put(node, true));
    return true;
  }
}
