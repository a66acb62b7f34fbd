package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions do with values, as Python and Jinja do it.
 *
 * <p>Methods and filters: {@code strip}, {@code trim}, {@code lstrip}, {@code rstrip}, {@code
 * lower}, {@code upper}, {@code capitalize}, {@code replace(a, b)}, {@code index(x)}, {@code
 * length}, {@code int}, {@code string}, {@code first}, {@code last}, {@code join(s)}.
 */
final class Operations {
  private Operations() {}

  static Object field(Object base, String name) {
    if (base instanceof Map<?, ?> map) {
      Object value = map.get(name);
      if (value != null) {
        return value;
      }
      throw new PolyLmException("%s is no field, expected one of %s".formatted(name, map.keySet()));
    }
    throw new PolyLmException(
        "%s is asked of %s, which has no fields".formatted(name, shown(base)));
  }

  static Object element(Object base, Object index) {
    if (base instanceof Map<?, ?>) {
      return field(base, asText(index));
    }
    int size = size(base);
    long place = number(index);
    long at = place < 0 ? place + size : place;
    if (at < 0 || at >= size) {
      throw new PolyLmException(
          "index %s is out of range, %s has %s elements".formatted(place, shown(base), size));
    }
    return part(base, (int) at, (int) at + 1, true);
  }

  static Object slice(Object base, @Nullable Object from, @Nullable Object to) {
    int size = size(base);
    int begin = bound(from, 0, size);
    return part(base, begin, Math.max(begin, bound(to, size, size)), false);
  }

  private static int bound(@Nullable Object place, int missing, int size) {
    if (place == null) {
      return missing;
    }
    long at = number(place);
    return (int) Math.max(0, Math.min(size, at < 0 ? at + size : at));
  }

  private static int size(Object base) {
    if (base instanceof String text) {
      return text.codePointCount(0, text.length());
    }
    if (base instanceof Collection<?> list) {
      return list.size();
    }
    throw new PolyLmException("%s has no elements".formatted(shown(base)));
  }

  private static Object part(Object base, int from, int to, boolean one) {
    if (base instanceof String text) {
      return text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
    }
    List<?> list = (List<?>) base;
    return one ? list.get(from) : list.subList(from, to);
  }

  static Object plus(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return a + b;
    }
    if (left instanceof Long a && right instanceof Long b) {
      return a + b;
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      List<Object> both = new ArrayList<>(a);
      both.addAll(b);
      return both;
    }
    throw new PolyLmException("%s + %s is not defined".formatted(shown(left), shown(right)));
  }

  static boolean isTrue(Object value) {
    return !(value.equals(false)
        || value.equals(0L)
        || value.equals("")
        || (value instanceof Collection<?> list && list.isEmpty()));
  }

  static String asText(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }
    if (value instanceof String || value instanceof Number) {
      return value.toString();
    }
    throw new PolyLmException("%s can't be part of a text".formatted(shown(value)));
  }

  static Object call(String name, Object base, List<Object> arguments) {
    return switch (name + arguments.size()) {
      case "strip0", "trim0" -> asText(base).strip();
      case "lstrip0" -> asText(base).stripLeading();
      case "rstrip0" -> asText(base).stripTrailing();
      case "lower0" -> asText(base).toLowerCase(Locale.ROOT);
      case "upper0" -> asText(base).toUpperCase(Locale.ROOT);
      case "capitalize0" -> capitalized(asText(base));
      case "replace2" -> asText(base).replace(asText(arguments.get(0)), asText(arguments.get(1)));
      case "index1" -> index(base, arguments.get(0));
      case "length0" -> (long) size(base);
      case "int0" -> base instanceof Long ? base : Long.valueOf(number(base));
      case "string0" -> asText(base);
      case "first0" -> element(base, 0L);
      case "last0" -> element(base, -1L);
      case "join1" -> joined(base, asText(arguments.get(0)));
      default ->
          throw new PolyLmException(
              "%s with %s arguments is not known here".formatted(name, arguments.size()));
    };
  }

  private static String capitalized(String text) {
    int second = text.isEmpty() ? 0 : text.offsetByCodePoints(0, 1);
    return text.substring(0, second).toUpperCase(Locale.ROOT)
        + text.substring(second).toLowerCase(Locale.ROOT);
  }

  private static long index(Object base, Object wanted) {
    int index =
        base instanceof List<?> list
            ? list.indexOf(wanted)
            : codePointIndex(asText(base), asText(wanted));
    if (index < 0) {
      throw new PolyLmException("%s is not in %s".formatted(shown(wanted), shown(base)));
    }
    return index;
  }

  private static int codePointIndex(String text, String wanted) {
    int index = text.indexOf(wanted);
    return index < 0 ? index : text.codePointCount(0, index);
  }

  private static String joined(Object base, String separator) {
    if (base instanceof List<?> list) {
      return String.join(separator, list.stream().map(Operations::asText).toList());
    }
    throw new PolyLmException("%s is no list to join".formatted(shown(base)));
  }

  private static long number(Object value) {
    try {
      return value instanceof Long number ? number : Long.parseLong(asText(value).strip());
    } catch (NumberFormatException e) {
      throw new PolyLmException("%s is no whole number".formatted(shown(value)), e);
    }
  }

  /** Returns a value for a message, shortened. */
  private static String shown(Object value) {
    String text = String.valueOf(value);
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }
}
