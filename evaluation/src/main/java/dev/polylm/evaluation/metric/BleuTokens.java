package dev.polylm.evaluation.metric;

import dev.polylm.evaluation.text.PythonText;
import java.util.List;
import java.util.regex.Pattern;

/** How sacreBLEU splits a line into the tokens that BLEU counts. */
public enum BleuTokens {
  /** The tokens of mteval-v13a, for languages that write spaces. */
  MTEVAL_13A("13a") {
    @Override
    String separate(String line) {
      String joined = line.replace("<skipped>", "").replace("-\n", "").replace("\n", " ");
      String plain =
          joined
              .replace("&quot;", "\"")
              .replace("&amp;", "&")
              .replace("&lt;", "<")
              .replace("&gt;", ">");
      return separateWestern(" " + plain + " ");
    }
  },

  /** Each Chinese character is a token; the rest is split as Western languages are. */
  CHINESE("zh") {
    @Override
    String separate(String line) {
      StringBuilder spaced = new StringBuilder();
      PythonText.strip(line)
          .codePoints()
          .forEach(
              c -> {
                if (isChinese(c)) {
                  spaced.append(' ').appendCodePoint(c).append(' ');
                } else {
                  spaced.appendCodePoint(c);
                }
              });
      return separateWestern(spaced.toString());
    }
  },

  /**
   * Each character is a token. sacreBLEU's own choice for Japanese and Korean is MeCab, which the
   * JVM does not have.
   */
  CHARACTERS("char") {
    @Override
    String separate(String line) {
      return String.join(" ", PythonText.characters(line));
    }
  };

  private static final Pattern SYMBOL = Pattern.compile("([{-~\\[-` -&(-+:-@/])");
  private static final Pattern MARK_AFTER_NO_DIGIT = Pattern.compile("([^0-9])([.,])");
  private static final Pattern MARK_BEFORE_NO_DIGIT = Pattern.compile("([.,])([^0-9])");
  private static final Pattern DASH_AFTER_DIGIT = Pattern.compile("([0-9])(-)");

  /**
   * The ranges of sacreBLEU 2.6.0. Two of them are meant to lie above U+FFFF, but are written so
   * that Python reads U+2001 to U+2A6D and U+2F81 to U+2FA1.
   */
  private static final int[][] CHINESE_RANGES = {
    {0x3400, 0x4DB5}, {0x4E00, 0x9FA5}, {0x9FA6, 0x9FBB}, {0xF900, 0xFA2D}, {0xFA30, 0xFA6A},
    {0xFA70, 0xFAD9}, {0x2001, 0x2A6D}, {0x2F81, 0x2FA1}, {0xFF00, 0xFFEF}, {0x2E80, 0x2EFF},
    {0x3000, 0x303F}, {0x31C0, 0x31EF}, {0x2F00, 0x2FDF}, {0x2FF0, 0x2FFF}, {0x3100, 0x312F},
    {0x31A0, 0x31BF}, {0xFE10, 0xFE1F}, {0xFE30, 0xFE4F}, {0x2600, 0x26FF}, {0x2700, 0x27BF},
    {0x3200, 0x32FF}, {0x3300, 0x33FF}
  };

  private final String signature;

  BleuTokens(String signature) {
    this.signature = signature;
  }

  /** Returns the name in sacreBLEU's signatures. */
  public String signature() {
    return signature;
  }

  /**
   * Returns the tokens for a language.
   *
   * @param language an ISO 639-1 code
   */
  public static BleuTokens of(String language) {
    return switch (language) {
      case "zh" -> CHINESE;
      case "ja", "ko" -> CHARACTERS;
      default -> MTEVAL_13A;
    };
  }

  /** Splits a line into tokens. */
  public List<String> split(String line) {
    return PythonText.split(separate(PythonText.stripTrailing(line)));
  }

  abstract String separate(String line);

  private static String separateWestern(String line) {
    String text = SYMBOL.matcher(line).replaceAll(" $1 ");
    text = MARK_AFTER_NO_DIGIT.matcher(text).replaceAll("$1 $2 ");
    text = MARK_BEFORE_NO_DIGIT.matcher(text).replaceAll(" $1 $2");
    return DASH_AFTER_DIGIT.matcher(text).replaceAll("$1 $2 ");
  }

  private static boolean isChinese(int codePoint) {
    for (int[] range : CHINESE_RANGES) {
      if (codePoint >= range[0] && codePoint <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
