package dev.polylm.internal.text;

/**
 * The effect of a code point on the borders before and after it: the property
 * Grapheme_Cluster_Break of Unicode Standard Annex #29, revision 45 (Unicode 16). It is derived
 * from data that every JDK since 17 has.
 *
 * <p>The JDK's {@code \X} and its BreakIterator can't be used: both changed between 17 and 25. This
 * class uses {@link Character#getType(int)}. It differs between JDKs only for code points that the
 * older one does not know ({@link #UNKNOWN}).
 */
enum GraphemeClass {
  /** Carriage return. Only a line feed joins it. */
  CR,
  LF,
  /** There is always a border before and after it. */
  CONTROL,
  /** Joins the character before it: Extend and SpacingMark, and the few marks that are neither. */
  EXTEND,
  /** An Indic virama: joins the character before it and the letter after it. */
  LINKER,
  /** Zero width joiner: like LINKER, for emoji. */
  ZWJ,
  /** Joins the character after it, such as the Arabic number sign. */
  PREPEND,
  /** Half of a flag. */
  REGIONAL_INDICATOR,
  /** Hangul leading consonant. */
  L,
  /** Hangul vowel, and the vowels of Kirat Rai. */
  V,
  /** Hangul trailing consonant. */
  T,
  /** Hangul syllable without a trailing consonant. */
  LV,
  /** Hangul syllable with a trailing consonant. */
  LVT,
  /** Not a character in this JDK's Unicode, so perhaps a mark: joins both sides. */
  UNKNOWN,
  /** A letter of a script without case, which may follow a {@link #LINKER}. */
  LETTER,
  OTHER;

  private static final int SYLLABLES = 0xAC00;
  private static final int SYLLABLES_END = 0xD7A3;

  /**
   * The number of syllables for a leading consonant and a vowel: with each trailing consonant, and
   * with none.
   */
  private static final int TRAILING = 28;

  static GraphemeClass of(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL -> codePoint == '\r' ? CR : codePoint == '\n' ? LF : CONTROL;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> CONTROL;
      case Character.FORMAT -> ofFormat(codePoint);
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK ->
          isLinker(codePoint) ? LINKER : EXTEND;
      case Character.ENCLOSING_MARK -> EXTEND;
      case Character.UNASSIGNED -> UNKNOWN;
      case Character.OTHER_LETTER -> ofLetter(codePoint);
      default -> ofOther(codePoint);
    };
  }

  private static GraphemeClass ofFormat(int codePoint) {
    return switch (codePoint) {
      case 0x200D -> ZWJ;
      case 0x200C -> EXTEND;
      case 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD -> PREPEND;
      default -> {
        if (codePoint >= 0x0600 && codePoint <= 0x0605) {
          yield PREPEND;
        }
        boolean tag = codePoint >= 0xE0020 && codePoint <= 0xE007F;
        yield tag ? EXTEND : CONTROL;
      }
    };
  }

  /** Returns whether a code point has the property Indic_Conjunct_Break=Linker. */
  private static boolean isLinker(int codePoint) {
    return switch (codePoint) {
      case 0x094D, 0x09CD, 0x0ACD, 0x0B4D, 0x0C4D, 0x0D4D, 0x1039, 0x17D2, 0x1A60, 0xA9C0, 0xAAF6 ->
          true;
      case 0x10A3F, 0x11133, 0x113D0, 0x1193E, 0x11A47, 0x11A99, 0x11F42 -> true;
      default -> false;
    };
  }

  private static GraphemeClass ofLetter(int codePoint) {
    if (codePoint >= SYLLABLES && codePoint <= SYLLABLES_END) {
      return (codePoint - SYLLABLES) % TRAILING == 0 ? LV : LVT;
    }
    if ((codePoint >= 0x1100 && codePoint <= 0x115F)
        || (codePoint >= 0xA960 && codePoint <= 0xA97C)) {
      return L;
    }
    if ((codePoint >= 0x1160 && codePoint <= 0x11A7)
        || (codePoint >= 0xD7B0 && codePoint <= 0xD7C6)) {
      return V;
    }
    if ((codePoint >= 0x11A8 && codePoint <= 0x11FF)
        || (codePoint >= 0xD7CB && codePoint <= 0xD7FB)) {
      return T;
    }
    return switch (codePoint) {
      case 0x0E33, 0x0EB3 -> EXTEND;
      case 0x16D63, 0x16D67, 0x16D68, 0x16D69, 0x16D6A -> V;
      case 0x0D4E, 0x111C2, 0x111C3, 0x113D1, 0x1193F, 0x11941, 0x11A3A, 0x11D46, 0x11F02 ->
          PREPEND;
      case 0x11A84, 0x11A85, 0x11A86, 0x11A87, 0x11A88, 0x11A89 -> PREPEND;
      default -> LETTER;
    };
  }

  private static GraphemeClass ofOther(int codePoint) {
    if (codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF) {
      return REGIONAL_INDICATOR;
    }
    boolean skinTone = codePoint >= 0x1F3FB && codePoint <= 0x1F3FF;
    boolean halfwidthSoundMark = codePoint == 0xFF9E || codePoint == 0xFF9F;
    return skinTone || halfwidthSoundMark ? EXTEND : OTHER;
  }
}
