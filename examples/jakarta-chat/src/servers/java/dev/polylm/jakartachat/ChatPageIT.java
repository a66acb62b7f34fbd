package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** Conversations on the page of the WAR: what answers become, what is kept, and who can use it. */
final class ChatPageIT {
  private static final String ANSWER = "#turns .assistant:last-child .text";

  /** Answers that try to become markup, to run a script or to load something. */
  private static final List<String> HOSTILE =
      List.of(
          "<script>window.hacked = 1</script>",
          "<img src=x onerror='window.hacked = 1'>",
          "<svg/onload=window.hacked=1>",
          "<a href='javascript:window.hacked=1'>a</a><iframe src='javascript:window.hacked=1'>",
          "[a](javascript:window.hacked=1) ![b](javascript:window.hacked=1)",
          "[a](JaVaScRiPt:window.hacked=1) [b](data:text/html,<script>window.hacked=1</script>)",
          "[a](https://example.org/\"onmouseover=window.hacked=1)",
          "```\n</code></pre><script>window.hacked = 1</script>\n```",
          "| <b>a</b> | b |\n|---|---|\n| <i onclick=window.hacked=1>c</i> | d |",
          "# <style>body{display:none}</style>\n> <form action=https://example.org><input>",
          "**".repeat(2_000) + "_".repeat(2_000) + "[".repeat(2_000) + "> ".repeat(2_000));

  private static WildFly server;
  private static Browser browser;

  @BeforeAll
  static void start() {
    String model = Folders.of("model").toString();
    server =
        new WildFly(
            Map.of(
                "polylm.polylm-tiny.model.path", model,
                "polylm.unending.model.path", model,
                "polylm.unending.generation.suppress-tokens", "[2]"));
    new Api(server.root()).awaitModels();
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

  private static String ask(String text) {
    browser.byId("text").sendKeys(text, Keys.ENTER);
    awaitSpeed();
    return browser.bySelector(ANSWER).getText();
  }

  private static void awaitSpeed() {
    browser.await(() -> browser.byId("status").getText().endsWith("tokens/s"));
  }

  private static List<?> all(String selector) {
    return (List<?>)
        browser.run("return [...document.querySelectorAll(arguments[0])]", selector);
  }

  private static void press(String selector) {
    browser.bySelector(selector).click();
  }

  /** Shows an answer as if the model had written it. */
  private static void show(String answer) {
    browser.run(
        """
        const messages = [{ role: "user", content: "a" }, { role: "assistant", content: arguments[0] }];
        localStorage.setItem("polylm.conversations", JSON.stringify([{ id: "1", title: "a", messages }]));
        """,
        answer);
    reload();
  }

  @Test
  void whateverAModelWritesStaysText() {
    String markup = "script, img, svg, iframe, style, form, input, b, i, object, embed, link, meta, base";
    for (String answer : HOSTILE) {
      show(answer);
      WebElement shown = browser.bySelector(ANSWER);
      assertThat(shown.isDisplayed()).as(answer).isTrue();
      assertThat(browser.run("return window.hacked")).as(answer).isNull();
      assertThat(
              browser.run(
                  "return arguments[0].querySelectorAll(arguments[1]).length", shown, markup))
          .as(answer)
          .isEqualTo(0L);
      List<?> attributes =
          (List<?>)
              browser.run(
                  """
                  return [...arguments[0].querySelectorAll("*")].flatMap((e) =>
                    [...e.attributes].map((a) => a.name === "href" ? `href ${a.value.split(":")[0]}` : a.name));
                  """,
                  shown);
      assertThat(attributes)
          .as(answer)
          .allMatch(
              name ->
                  List.of("dir", "tabindex", "target", "rel", "href https", "start").contains(name));
    }
  }

  @Test
  void markdownBecomesElements() {
    show(
        """
        # Head

        Some **bold**, *slanted* and `code`: [a page](https://example.org).

        - one
        - two
          - deeper

        3. three

        ```js
        1 < 2 && **x**
        ```

        > said

        | a | b |
        |---|---|
        | 1 | 2 |

        snake_case_name and 2 * 3 * 4""");
    assertThat(
            browser.run(
                "return document.querySelector(arguments[0]).innerHTML.replace(/ dir=\"auto\"/g, '')",
                ANSWER))
        .isEqualTo(
            "<h3>Head</h3><p>Some <strong>bold</strong>, <em>slanted</em> and <code>code</code>: "
                + "<a href=\"https://example.org\" target=\"_blank\" rel=\"noopener noreferrer"
                + " nofollow\">a page</a>.</p><ul><li>one</li><li><p>two</p><ul><li>deeper</li></ul>"
                + "</li></ul><ol start=\"3\"><li>three</li></ol><pre dir=\"ltr\" tabindex=\"0\">"
                + "<code>1 &lt; 2 &amp;&amp; **x**</code></pre><blockquote><p>said</p></blockquote>"
                + "<div><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td>"
                + "<td>2</td></tr></tbody></table></div><p>snake_case_name and 2 * 3 * 4</p>");
    browser.takeScreenshot("markdown");
  }

  @Test
  void conversationsAndSettingsAreKeptUntilTheyAreDeleted() {
    String answer = ask("Monday");
    press("#theme");
    press("#new");
    ask("Tuesday");
    reload();
    assertThat(all("#list li")).hasSize(2);
    assertThat(browser.byId("theme").getDomAttribute("aria-pressed")).isEqualTo("true");
    press("#list li:nth-child(2) button");
    assertThat(browser.bySelector(ANSWER).getText()).isEqualTo(answer);
    press("#list li:nth-child(2) button:last-child");
    press("#confirm [value=yes]");
    browser.await(() -> all("#list li").size() == 1);
    assertThat(browser.byId("turns").getText()).isEmpty();
    press("#delete-all");
    press("#confirm [value=no]");
    assertThat(all("#list li")).hasSize(1);
    press("#delete-all");
    press("#confirm [value=yes]");
    browser.await(() -> all("#list li").isEmpty());
    reload();
    assertThat(all("#list li")).isEmpty();
  }

  @Test
  void conversationsAreExported() throws IOException {
    ask("Monday");
    press("#export");
    String name = "polylm-conversations.json";
    browser.await(() -> Files.isReadable(browser.downloads().resolve(name)));
    assertThat(Files.readString(browser.downloads().resolve(name))).contains("\"content\": \"Monday\"");
  }

  @Test
  void aMessageIsEditedAndAnAnswerIsMadeAnew() {
    String ofMonday = ask("Monday");
    String ofTuesday = ask("Tuesday");
    press("#turns .assistant:last-child [aria-label='Regenerate the answer']");
    awaitSpeed();
    assertThat(browser.bySelector(ANSWER).getText()).isEqualTo(ofTuesday);
    assertThat(all(".turn")).hasSize(4);
    press("#turns .user [aria-label='Edit your message']");
    WebElement field = browser.bySelector("#turns .user textarea");
    assertThat(field.getDomProperty("value")).isEqualTo("Monday");
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), "Beijing is", Keys.ENTER);
    browser.await(() -> all(".turn").size() == 2 && browser.byId("send").isDisplayed());
    awaitSpeed();
    assertThat(browser.bySelector("#turns .user .text").getText()).isEqualTo("Beijing is");
    assertThat(browser.bySelector(ANSWER).getText()).isNotEqualTo(ofMonday);
    assertThat(browser.bySelector("#turns .figures").getText())
        .matches("(cut at the limit of tokens · )?first token after \\d+\\.\\d\\d s · .*tokens/s");
  }

  @Test
  void theSystemTextGoesFirst() {
    browser.run(
        """
        window.sent = [];
        const fetched = window.fetch;
        window.fetch = (address, options) => {
          window.sent.push(options.body);
          return fetched(address, options);
        };
        """);
    press("#open-settings");
    browser.byId("system").sendKeys("Be short.");
    browser.byId("max-tokens").sendKeys(Keys.chord(Keys.CONTROL, "a"), "5");
    press("#close-settings");
    ask("Monday");
    assertThat((String) browser.run("return window.sent[0]"))
        .contains("\"max_tokens\":5,\"messages\":[{\"role\":\"system\",\"content\":\"Be short.\"}");
  }

  /** The page shows the newest text, unless the reader reads something above it. */
  @Test
  void thePageFollowsTheAnswerUnlessTheReaderHasScrolled() {
    String bottom =
        "const l = document.getElementById('log'); return l.scrollHeight - l.scrollTop - l.clientHeight < 24";
    show("long\n\n".repeat(80));
    assertThat(browser.run(bottom)).isEqualTo(true);
    new Select(browser.byId("model")).selectByValue("unending");
    browser.byId("text").sendKeys("Monday", Keys.ENTER);
    browser.await(() -> answerLength() > 20);
    assertThat(browser.run(bottom)).isEqualTo(true);
    browser.run("document.getElementById('log').scrollTop = 40");
    browser.await(() -> browser.byId("latest").isDisplayed());
    int length = answerLength();
    browser.await(() -> answerLength() > length);
    assertThat(browser.run("return document.getElementById('log').scrollTop")).isEqualTo(40L);
    press("#latest");
    browser.await(() -> Boolean.TRUE.equals(browser.run(bottom)));
    assertThat(browser.byId("latest").isDisplayed()).isFalse();
    awaitSpeed();
  }

  private static int answerLength() {
    return ((Long)
            browser.run(
                "return document.querySelector(arguments[0])?.textContent.length ?? 0", ANSWER))
        .intValue();
  }

  @Test
  void eachMessageRunsTheWayItsLettersDo() {
    show("مرحبا بالعالم.\n\nHello world.\n\n- שלום");
    assertThat(browser.bySelector(ANSWER + " > p").getCssValue("direction")).isEqualTo("rtl");
    assertThat(browser.bySelector(ANSWER + " > p + p").getCssValue("direction")).isEqualTo("ltr");
    assertThat(browser.bySelector(ANSWER + " ul").getCssValue("direction")).isEqualTo("rtl");
    browser.takeScreenshot("arabic");
  }

  @Test
  void anEmptyReplyIsSaidToBeOne() {
    show("");
    assertThat(browser.bySelector(ANSWER).getText()).isEqualTo("The model wrote nothing.");
  }

  /** axe-core is run outside the page's own policy, as a browser's extension is. */
  @Test
  void axeFindsNothingSerious() throws IOException {
    ask("Monday");
    browser.run(axe());
    for (int width : new int[] {360, 1440}) {
      browser.setWidth(width);
      for (String step :
          List.of(
              "",
              "document.getElementById('theme').click()",
              "document.getElementById('open-settings').click()",
              "document.getElementById('settings').close();"
                  + "document.getElementById('show-translation').click()",
              "document.getElementById('theme').click()",
              "document.getElementById('show-chat').click()")) {
        browser.run(step);
        assertThat(seriousViolations()).as("%d px after %s", width, step).isEmpty();
        assertThat(browser.run("return document.documentElement.scrollWidth"))
            .isEqualTo((long) width);
      }
      browser.takeScreenshot("at-" + width);
    }
    browser.setNarrow(false);
  }

  private static List<?> seriousViolations() {
    return (List<?>)
        browser.runLater(
            """
            axe.run().then((found) => arguments[0](found.violations
              .filter((one) => ["serious", "critical"].includes(one.impact))
              .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" "))}`)));
            """);
  }

  private static String axe() throws IOException {
    String name =
        "/META-INF/resources/webjars/axe-core/%s/axe.min.js"
            .formatted(System.getProperty("axe-core.version"));
    try (InputStream file = ChatPageIT.class.getResourceAsStream(name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
