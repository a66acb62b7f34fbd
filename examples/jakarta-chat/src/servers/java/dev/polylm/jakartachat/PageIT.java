package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The page of the WAR on WildFly in Chromium. */
final class PageIT {
  private static final String SENTENCE = "Beijing is the capital of China.";
  private static final String ANSWER = "#turns .assistant:last-child .text";
  private static final String TRANSLATION = "#translation";
  private static final String BACKGROUND = "return getComputedStyle(document.body).backgroundColor";

  private static WildFly server;
  private static Api api;
  private static Browser browser;

  @BeforeAll
  static void start() {
    String model = Folders.of("model").toString();
    server =
        new WildFly(
            Map.of(
                "polylm.polylm-tiny.model.path",
                model,
                "polylm.unending.model.path",
                model,
                "polylm.unending.generation.suppress-tokens",
                "[2]")); // the token that ends an answer
    api = new Api(server.root());
    api.awaitModels();
    browser = new Browser();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    server.close();
  }

  /** Begins as a browser that has not been here. */
  @BeforeEach
  void open() {
    browser.open(server.root() + "chat");
    browser.run("localStorage.clear(); sessionStorage.clear()");
    reload();
  }

  private static void reload() {
    browser.open(server.root() + "chat");
    browser.await(() -> new Select(browser.byId("model")).getOptions().size() == 2);
  }

  private static void choose(String id, String value) {
    new Select(browser.byId(id)).selectByValue(value);
  }

  private static void showTranslation() {
    browser.byId("show-translation").click();
  }

  /** Types a text in place of what stands there. */
  private static void type(String id, String text) {
    WebElement field = browser.byId(id);
    field.clear();
    for (String line : text.split("(?<=\n)", -1)) {
      field.sendKeys(line.replace("\n", Keys.chord(Keys.SHIFT, Keys.ENTER)));
    }
  }

  /** Translates, and waits until the translation is whole. */
  private static String translate() {
    browser.byId("source").sendKeys(Keys.ENTER);
    awaitSpeed("translation-status");
    return browser.bySelector(TRANSLATION).getText();
  }

  /** Sends a message by the keyboard, and waits until the answer is whole. */
  private static String ask(String text) {
    type("text", text);
    browser.byId("text").sendKeys(Keys.ENTER);
    awaitSpeed("status");
    return browser.bySelector(ANSWER).getText();
  }

  private static void awaitSpeed(String status) {
    browser.await(() -> browser.byId(status).getText().endsWith("tokens/s"));
  }

  private static String translation(String text, String to) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    return api.get("translations?to=" + to + "&text=" + encoded).body();
  }

  @Test
  void translatesTheSentenceOfTheModelsCardPieceByPiece() {
    showTranslation();
    browser.run(
        """
        window.seen = [];
        new MutationObserver(() => {
          const text = document.querySelector(arguments[0])?.textContent;
          if (text && text !== window.seen.at(-1)) {
            window.seen.push(text);
          }
        }).observe(document.querySelector(arguments[0]), { childList: true, subtree: true });
        """,
        TRANSLATION);
    browser.byId("translate").click();
    awaitSpeed("translation-status");
    WebElement answer = browser.bySelector(TRANSLATION);
    assertThat(answer.getText()).isEqualTo("北京是中国的首都。");
    assertThat(answer.getDomAttribute("lang")).isEqualTo("zh");
    List<?> seen = (List<?>) browser.run("return window.seen");
    assertThat(seen).hasSizeGreaterThan(3);
    for (int i = 1; i < seen.size(); i++) {
      assertThat((String) seen.get(i)).startsWith((String) seen.get(i - 1));
    }
    assertThat(browser.byId("translation-status").getText())
        .matches("\\d+ prompt tokens, \\d+ new, \\d+\\.\\d tokens/s");
    browser.takeScreenshot("light");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "document.getElementById('stop').click()",
        "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))"
      })
  void stopsInTheMiddleAndTheServerStopsToo(String stop) throws InterruptedException {
    choose("model", "unending");
    type("text", SENTENCE);
    browser.run("document.getElementById('max-tokens').value = 400");
    browser.run(
        """
        const observer = new MutationObserver(() => {
          if (document.querySelector(arguments[0])?.textContent.length > 20) {
            observer.disconnect();
            %s;
          }
        });
        observer.observe(document.getElementById("turns"), { childList: true, subtree: true });
        """
            .formatted(stop),
        ANSWER);
    browser.byId("send").click();
    browser.await(() -> browser.byId("status").getText().equals("Stopped"));
    assertThat(browser.bySelector(ANSWER).getText()).hasSizeGreaterThan(20);
    assertThat(browser.byId("send").isEnabled()).isTrue();
    assertThat(browser.byId("stop").isEnabled()).isFalse();
    browser.takeScreenshot("stopped");
    EndedRequests.Ended ended = server.endedRequests().next();
    while (ended.end().equals("FINISHED")) {
      ended = server.endedRequests().next(); // of other tests
    }
    assertThat(ended.end()).isEqualTo("CANCELLED");
    assertThat(ended.steps()).isBetween(5, 399);
  }

  @Test
  void showsHebrewFromRightToLeft() {
    showTranslation();
    choose("to", "he");
    String answer = translate();
    assertThat(answer).isEqualTo(translation(SENTENCE, "he")).matches("[\\p{IsHebrew}\\p{IsPunctuation} ]+");
    WebElement element = browser.bySelector(TRANSLATION);
    assertThat(element.getDomAttribute("lang")).isEqualTo("he");
    assertThat(element.getCssValue("direction")).isEqualTo("rtl");
    browser.byId("swap").click();
    assertThat(browser.byId("source").getCssValue("direction")).isEqualTo("rtl");
    browser.takeScreenshot("hebrew");
    assertThat(browser.byId("source").getDomProperty("value")).isEqualTo(answer);
    assertThat(translate()).isEqualTo(SENTENCE);
    assertThat(browser.bySelector(TRANSLATION).getCssValue("direction")).isEqualTo("ltr");
  }

  @Test
  void chatsWithWhatWasSaidBeforeUntilItIsCleared() {
    List<Map<String, String>> messages = new ArrayList<>();
    for (String language : List.of("German", "Spanish", "Chinese")) {
      String text = SENTENCE + "\nTranslate this sentence from English to " + language + ".";
      String shown = ask(text);
      messages.add(Map.of("role", "user", "content", text));
      String reply = reply(messages);
      assertThat(shown).isEqualTo(reply.strip()).isNotEmpty();
      messages.add(Map.of("role", "assistant", "content", reply));
    }
    assertThat(turns()).hasSize(6);
    browser.takeScreenshot("chat");
    browser.byId("new").click();
    assertThat(browser.byId("turns").getText()).isEmpty();
    assertThat(ask("Monday"))
        .isEqualTo(reply(List.of(Map.of("role", "user", "content", "Monday"))).strip());
  }

  private static List<?> turns() {
    return (List<?>) browser.run("return [...document.querySelectorAll('.turn')]");
  }

  /** The reply of the API when it is asked without the page. */
  private static String reply(List<Map<String, String>> messages) {
    String request =
        Api.json(Map.of("model", "polylm-tiny", "max_tokens", 256, "messages", messages));
    HttpResponse<String> response = api.post("v1/chat/completions", request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Api.tree(response.body()).at("/choices/0/message/content").textValue();
  }

  @Test
  void isDarkAndLight() {
    Object light = browser.run(BACKGROUND);
    browser.byId("theme").click();
    ask("Monday");
    assertThat(browser.run(BACKGROUND)).isNotEqualTo(light);
    assertThat(browser.byId("theme").getDomAttribute("aria-pressed")).isEqualTo("true");
    browser.takeScreenshot("dark");
    browser.byId("theme").click();
    assertThat(browser.run(BACKGROUND)).isEqualTo(light);
  }

  @Test
  void fitsANarrowWindow() {
    browser.setNarrow(true);
    try {
      ask("Monday");
      browser.takeScreenshot("narrow");
      assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo(360L);
    } finally {
      browser.setNarrow(false);
    }
  }

  @Test
  void namesAllItsControlsAndLoadsNothingFromElsewhere() {
    browser.run(
        """
        document.querySelectorAll("[hidden]").forEach((element) => (element.hidden = false));
        document.querySelectorAll("dialog").forEach((dialog) => dialog.show());
        """);
    List<?> controls =
        (List<?>)
            browser.run(
                """
                return [...document.querySelectorAll("input,select,textarea,button")]
                  .filter((control) => control.checkVisibility());
                """);
    assertThat(controls).hasSizeGreaterThan(10);
    for (Object control : controls) {
      assertThat(((WebElement) control).getAccessibleName()).as("%s", control).isNotEmpty();
    }
    List<?> addresses =
        (List<?>) browser.run("return performance.getEntriesByType('resource').map((e) => e.name)");
    assertThat(addresses).isNotEmpty().allMatch(a -> ((String) a).startsWith(server.root() + ""));
  }
}
