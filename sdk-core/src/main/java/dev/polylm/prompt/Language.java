package dev.polylm.prompt;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The languages that PolyLM was trained on (arXiv:2307.06018v1, with ISO 639-1 codes). */
public enum Language {
  CHINESE("zh", "Chinese"),
  ENGLISH("en", "English"),
  SPANISH("es", "Spanish"),
  GERMAN("de", "German"),
  FRENCH("fr", "French"),
  PORTUGUESE("pt", "Portuguese"),
  RUSSIAN("ru", "Russian"),
  ITALIAN("it", "Italian"),
  ARABIC("ar", "Arabic"),
  JAPANESE("ja", "Japanese"),
  KOREAN("ko", "Korean"),
  THAI("th", "Thai"),
  VIETNAMESE("vi", "Vietnamese"),
  INDONESIAN("id", "Indonesian"),
  POLISH("pl", "Polish"),
  TURKISH("tr", "Turkish"),
  DUTCH("nl", "Dutch"),
  HEBREW("he", "Hebrew");

  private final String code;
  private final String englishName;

  Language(String code, String englishName) {
    this.code = code;
    this.englishName = englishName;
  }

  /** Returns the ISO 639-1 code, such as {@code zh}. */
  public String code() {
    return code;
  }

  /** Returns the name that prompts use, such as {@code Chinese}. */
  public String englishName() {
    return englishName;
  }

  /**
   * Returns the language of a code or an English name. Case does not matter.
   *
   * @throws PolyLmException if it is not one of the 18 languages; the message lists them
   */
  public static Language of(String codeOrName) {
    for (Language language : values()) {
      if (language.code.equalsIgnoreCase(codeOrName)
          || language.englishName.equalsIgnoreCase(codeOrName)) {
        return language;
      }
    }
    throw new PolyLmException(
        "language \"%s\" is unknown, expected one of %s"
            .formatted(
                codeOrName,
                Arrays.stream(values())
                    .map(language -> language.code + " (" + language.englishName + ")")
                    .collect(Collectors.joining(", "))));
  }
}
