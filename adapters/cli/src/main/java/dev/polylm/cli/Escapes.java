package dev.polylm.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Resolves the escapes in an argument: {@code \n}, {@code \t}, {@code \\} and {@code \}{@code
 * uXXXX} (a UTF-16 unit) mean what they mean in Java.
 */
final class Escapes implements ITypeConverter<String> {

  @Override
  public String convert(String argument) {
    StringBuilder text = new StringBuilder(argument.length());
    int i = 0;
    while (i < argument.length()) {
      char c = argument.charAt(i);
      if (c != '\\') {
        text.append(c);
        i++;
      } else {
        i = appendEscape(argument, i, text);
      }
    }
    return text.toString();
  }

  /** Appends the character of the escape at an index, and returns the index after the escape. */
  private static int appendEscape(String argument, int index, StringBuilder text) {
    char letter = index + 1 < argument.length() ? argument.charAt(index + 1) : '\0';
    switch (letter) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case '\\' -> text.append('\\');
      case 'u' -> {
        text.append(utf16Unit(argument, index));
        return index + 6;
      }
      default -> throw unknown(argument, index, 2);
    }
    return index + 2;
  }

  private static char utf16Unit(String argument, int index) {
    String digits = argument.substring(index + 2, Math.min(index + 6, argument.length()));
    if (!digits.matches("[0-9A-Fa-f]{4}")) {
      throw unknown(argument, index, 6);
    }
    return (char) Integer.parseInt(digits, 16);
  }

  private static TypeConversionException unknown(String argument, int index, int length) {
    String found = argument.substring(index, Math.min(index + length, argument.length()));
    return new TypeConversionException(
        "%s at character %s is not an escape; expected \\n, \\t, \\\\ or \\uXXXX"
            .formatted(found, index + 1));
  }
}
