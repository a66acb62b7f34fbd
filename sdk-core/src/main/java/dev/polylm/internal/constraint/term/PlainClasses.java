package dev.polylm.internal.constraint.term;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Divides the characters of plain text into classes that patterns mostly treat alike: small
 * letters, capitals, digits, white space and other characters beyond ASCII. Each other ASCII
 * character is a class of its own. A class has a number below 256.
 */
public final class PlainClasses {
  /** The smallest number of a class, which is that of the space. */
  public static final int FIRST = ' ';

  /** The number after the largest one. */
  public static final int END = 0x82;

  private static final int OTHER = 0x80;
  private static final int WHITE_SPACE = 0x81;

  /** The white space of ECMA-262, without line ends, which are not plain. */
  private static final CodePoints WIDE =
      CodePoints.ranges(
          0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000,
          0x3000, 0xFEFF, 0xFEFF);

  private static final CodePoints BEYOND_ASCII =
      CodePoints.range(0x80, Character.MAX_CODE_POINT)
          .without(WIDE)
          .without(CodePoints.range(0x2028, 0x2029));

  private PlainClasses() {}

  /** Returns the class of each character of a plain text. */
  public static byte[] of(byte[] plainText) {
    int[] characters = new String(plainText, UTF_8).codePoints().toArray();
    byte[] classes = new byte[characters.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) of(characters[i]);
    }
    return classes;
  }

  private static int of(int character) {
    if (character >= 'a' && character <= 'z') {
      return 'a';
    }
    if (character >= 'A' && character <= 'Z') {
      return 'A';
    }
    if (character >= '0' && character <= '9') {
      return '0';
    }
    return character < OTHER ? character : WIDE.contains(character) ? WHITE_SPACE : OTHER;
  }

  /** Returns whether the class is one ASCII character, whose code is the class's number. */
  static boolean isCharacter(int ofClass) {
    return ofClass < OTHER && ofClass != 'a' && ofClass != 'A' && ofClass != '0';
  }

  static boolean isAscii(int ofClass) {
    return ofClass < OTHER;
  }

  static CodePoints members(int ofClass) {
    return switch (ofClass) {
      case 'a' -> CodePoints.range('a', 'z');
      case 'A' -> CodePoints.range('A', 'Z');
      case '0' -> CodePoints.range('0', '9');
      case OTHER -> BEYOND_ASCII;
      case WHITE_SPACE -> WIDE;
      default -> CodePoints.of(ofClass);
    };
  }
}
