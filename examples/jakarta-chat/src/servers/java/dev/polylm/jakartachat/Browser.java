package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a window, of which nothing but this machine is asked. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Folders.of("chromium");
  private static final Path DRIVER = Folders.of("chromedriver");

  private static final int HEIGHT = 800;

  private final Path downloads = Folders.create("downloads-");
  private final ChromeDriver driver;

  Browser() {
    for (Path program : new Path[] {CHROMIUM, DRIVER}) {
      assertThat(program)
          .withFailMessage(
              "the page is tested in Chromium, and there is no %s: install Debian's chromium and"
                  + " chromium-driver, or name them by -Dchromium=... and -Dchromedriver=...",
              program)
          .isExecutable();
    }
    // With the driver's path Selenium looks for no download.
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    driver = new ChromeDriver(service, options());
    driver.executeCdpCommand(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", downloads.toString()));
  }

  private static ChromeOptions options() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox", // root has none
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + Folders.create("chromium-"),
        "--window-size=1000,800");
    return options;
  }

  void open(String address) {
    driver.get(address);
  }

  WebElement byId(String id) {
    return driver.findElement(By.id(id));
  }

  WebElement bySelector(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  /** Runs a script in the page and returns what it returns. */
  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Runs a script that calls its last argument with what it returns. */
  Object runLater(String script) {
    return driver.executeAsyncScript(script);
  }

  /** Where the page's files are saved. */
  Path downloads() {
    return downloads;
  }

  /** Waits until something is so, half a minute at most. */
  void await(BooleanSupplier condition) {
    new WebDriverWait(driver, Duration.ofSeconds(30), Duration.ofMillis(20))
        .until(ignored -> condition.getAsBoolean());
  }

  /** Makes the page as wide as a phone's, or gives it back the window's width. */
  void setNarrow(boolean narrow) {
    if (narrow) {
      setWidth(360);
    } else {
      driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }
  }

  /** Makes the page so many pixels wide. */
  void setWidth(int width) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", HEIGHT, "deviceScaleFactor", 2, "mobile", width < 500));
  }

  /** Keeps what the page looks like in the build's folder. */
  void takeScreenshot(String name) {
    Path folder = Folders.of("target").resolve("screenshots");
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
