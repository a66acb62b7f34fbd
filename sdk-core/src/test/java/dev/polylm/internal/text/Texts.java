package dev.polylm.internal.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Texts to cut, and ways to cut them. */
final class Texts {
  /** The model's 18 languages, with the marks that their scripts put on letters. */
  static final List<String> LANGUAGES =
      List.of(
          "北京是中国的首都。你好，世界！",
          "Beijing is the capital of China.\r\nIt\u2019s na\u0131\u0308ve, isn\u2019t it?\n",
          "¿Dónde está el nin\u0303o? ¡Aquí!",
          "Grüße aus Ko\u0308ln: Straße, A\u0308pfel",
          "L\u2019e\u0301te\u0301 à la plage, où ça\u00A0?",
          "O avia\u0303o chegou a\u0300s três horas",
          "Ещё\u0301 и\u0306 моро\u0301з",
          "Perche\u0301 no? Città e caffè",
          "مُحَمَّدٌ يَقْرَأُ الْكِتَابَ\u200F ـ ١٢٣ \u0600٤",
          "日本語の\u304B\u3099とﾊ\uFF9Fを\u8FBA\uDB40\uDD00見る",
          "한국어 \u1112\u1161\u11AB\u1100\u1173\u11AF 각\u11A8 가\u11A8",
          "ภาษาไทยน้ำใจดีที่สุด กำลัง เก้าอี้",
          "Tiê\u0301ng Viê\u0323t Ngu\u031Bo\u031B\u0300i",
          "Bahasa Indonesia: apa kabar?",
          "Zażo\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301",
          "I\u0307stanbul\u2019da çay ic\u0327tim, ağaç",
          "Coo\u0308rdinatie en ee\u0301n idee\u0308",
          "שָׁלוֹם עוֹלָם, בְּרֵאשִׁית");

  static final String EMOJI =
      "👨‍👩‍👧‍👦👍🏽🇩🇪🇫🇷🇩❤️‍🔥🏴\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F"
          + "1️⃣👩🏿‍🚀☝🏻✌️🏳️‍🌈🧑🏻‍🤝‍🧑🏿😀\u0301a";

  private Texts() {}

  static String all() {
    return LANGUAGES.stream().collect(Collectors.joining("")) + EMOJI;
  }

  /** The text in pieces of one to a few code points. */
  static List<String> pieces(String text, Random random) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int left = text.codePointCount(start, text.length());
      int end = text.offsetByCodePoints(start, Math.min(left, 1 + random.nextInt(4)));
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }
}
