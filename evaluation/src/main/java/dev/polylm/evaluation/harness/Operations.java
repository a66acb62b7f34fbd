package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.text.PythonText;
import dev.polylm.internal.untrusted.Quoted;
import java.math.BigDecimal;
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
  /** Stands for a null in a list. */
  static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "None";
        }
      };

  private static final double LEAST_PLAIN = 1e-4;
  private static final double LEAST_EXPONENT = 1e16;

  private Operations() {}

  static Object field(Object base, String name) {
    if (base instanceof Map<?, ?> map) {
      Object value = map.get(name);
      if (value != null) {
        return value;
      }
      throw new PolyLmException(
          "%s is no field, expected one of %s".formatted(Quoted.of(name), Quoted.of(map.keySet())));
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
        || value.equals(NONE)
        || value.equals("")
        || (value instanceof Number number && number.doubleValue() == 0)
        || (value instanceof Collection<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty()));
  }

  /** Returns whether two values are equal; True is 1, and False is 0. */
  static boolean equal(Object left, Object right) {
    Object one = asNumber(left);
    Object other = asNumber(right);
    return (one instanceof Double || other instanceof Double)
        ? one instanceof Number a && other instanceof Number b && a.doubleValue() == b.doubleValue()
        : one.equals(other);
  }

  private static Object asNumber(Object value) {
    return value instanceof Boolean truth ? (Object) (truth ? 1L : 0L) : value;
  }

  static String asText(@Nullable Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }
    if (value instanceof Double number && isPlain(Math.abs(number))) {
      String digits = new BigDecimal(number.toString()).toPlainString();
      return digits.contains(".") ? digits : digits + ".0";
    }
    if (value instanceof String || value instanceof Long || value instanceof Integer) {
      return value.toString();
    }
    throw new PolyLmException("%s can't be part of a text".formatted(shown(value)));
  }

  /** Returns whether Python writes a number without an exponent. */
  private static boolean isPlain(double number) {
    return number == 0 || (number >= LEAST_PLAIN && number < LEAST_EXPONENT);
  }

  static Object call(String name, Object base, List<Object> arguments) {
    return switch (name + arguments.size()) {
      case "strip0", "trim0" -> PythonText.strip(asText(base));
      case "lstrip0" -> PythonText.stripLeading(asText(base));
      case "rstrip0" -> PythonText.stripTrailing(asText(base));
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

  /** The first character becomes a title's, so that one which becomes two has one capital. */
  private static String capitalized(String text) {
    int second = text.isEmpty() ? 0 : text.offsetByCodePoints(0, 1);
    String first = text.substring(0, second);
    String upper = first.toUpperCase(Locale.ROOT);
    String title =
        upper.codePointCount(0, upper.length()) == 1
            ? Character.toString(Character.toTitleCase(first.codePointAt(0)))
            : upper.isEmpty()
                ? ""
                : upper.substring(0, 1) + upper.substring(1).toLowerCase(Locale.ROOT);
    // In lower case a letter can depend on those before it.
    return title + text.toLowerCase(Locale.ROOT).substring(first.toLowerCase(Locale.ROOT).length());
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
  private static String shown(@Nullable Object value) {
    return Quoted.of(String.valueOf(value));
  }
}
