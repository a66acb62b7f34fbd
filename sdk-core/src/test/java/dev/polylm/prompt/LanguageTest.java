package dev.polylm.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LanguageTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByCodeAndByName(Language language) {
    assertThat(Language.of(language.code())).isEqualTo(language);
    assertThat(Language.of(language.englishName().toUpperCase(Locale.ROOT))).isEqualTo(language);
    assertThat(Locale.forLanguageTag(language.code()).getDisplayLanguage(Locale.ENGLISH))
        .isEqualTo(language.englishName());
  }

  @Test
  void thereAre18() {
    assertThat(Language.values()).hasSize(18);
  }

  @Test
  void anUnknownOneListsTheChoices() {
    assertThatThrownBy(() -> Language.of("Klingon"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "language \"Klingon\" is unknown, expected one of zh (Chinese), en (English), es"
                + " (Spanish), de (German), fr (French), pt (Portuguese), ru (Russian), it"
                + " (Italian), ar (Arabic), ja (Japanese), ko (Korean), th (Thai), vi"
                + " (Vietnamese), id (Indonesian), pl (Polish), tr (Turkish), nl (Dutch), he"
                + " (Hebrew)");
  }
}
