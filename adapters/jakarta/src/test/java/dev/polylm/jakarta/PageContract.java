package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.prompt.Language;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chat page as it is served; what it does is for a browser to show. */
abstract class PageContract extends ServerContract {

  @Test
  void thePageIsServedWithAllThatItLoads() {
    HttpResponse<String> page = client().get("chat");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElse("").replace(" ", ""))
        .isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'; script-src 'self';");
    assertThat(page.body()).doesNotContain("http");
    Matcher files = Pattern.compile("(?:href|src)=\"(chat/[^\"]+)\"").matcher(page.body());
    int count = 0;
    while (files.find()) {
      assertThat(client().get(files.group(1)).statusCode()).isEqualTo(200);
      count++;
    }
    assertThat(count).isEqualTo(2);
    assertThat(client().get("chat/api.js").body()).contains("v1/chat/completions");
    assertThat(client().get("chat/../PageResource.class").statusCode()).isEqualTo(404);
  }

  @Test
  void aSlashAtTheEndLeadsToThePage() {
    HttpResponse<String> response = client().get("chat/");
    assertThat(response.statusCode()).isEqualTo(303);
    assertThat(response.headers().firstValue("Location"))
        .contains(server().uri().resolve("chat").toString());
  }

  @Test
  void allLanguagesCanBePicked() {
    String languages = client().get("chat/languages.js").body();
    for (Language language : Language.values()) {
      boolean rightToLeft = language == Language.ARABIC || language == Language.HEBREW;
      assertThat(languages)
          .containsPattern(
              "\\[\"%s\", \"%s\", \"[^\"]+\", \"%s\"]"
                  .formatted(language.code(), language.englishName(), rightToLeft ? "rtl" : "ltr"));
    }
  }
}
