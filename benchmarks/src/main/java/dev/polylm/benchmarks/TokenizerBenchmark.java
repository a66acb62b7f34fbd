package dev.polylm.benchmarks;

import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Measures a tokenizer.json: the time until it is open, the resident memory then (Linux), and the
 * time to encode texts. Run it in its own process, since only the first opening counts.
 */
public final class TokenizerBenchmark {
  private static final int CHARS_OF_LONG_TEXT = 100_000;
  private static final int CHARS_OF_LONGEST_TEXT = 1_000_000;

  private final Tokenizer tokenizer;
  private final List<String> texts;
  private final String longText;
  private final String longestText;

  /**
   * @param texts any texts
   */
  TokenizerBenchmark(Tokenizer tokenizer, List<String> texts) {
    this.tokenizer = tokenizer;
    this.texts = texts;
    String joined = String.join("\n", texts) + "\n";
    String repeated = joined.repeat(CHARS_OF_LONGEST_TEXT / joined.length() + 1);
    this.longText = repeated.substring(0, CHARS_OF_LONG_TEXT);
    this.longestText = repeated.substring(0, CHARS_OF_LONGEST_TEXT);
  }

  /**
   * Measures a tokenizer and prints what it costs.
   *
   * @param arguments a tokenizer.json whose special tokens are {@code <unk>}, {@code <s>} and
   *     {@code </s>}, and a file with one text on each line
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    long before = residentMegabytes();
    long start = System.nanoTime();
    TokenizerFacts facts = new TokenizerFacts(false, false, false, "<unk>", "<s>", "</s>");
    try (Tokenizer tokenizer = Tokenizer.open(file, facts)) {
      double seconds = (System.nanoTime() - start) / 1e9;
      print("open: %.2f s, of which this thread computed %.2f s", seconds, threadSeconds());
      print("resident: %s MB more", residentMegabytes() - before);
      System.gc();
      print("resident after a collection: %s MB more", residentMegabytes() - before);
      List<String> texts = Files.readAllLines(Path.of(arguments[1]));
      TokenizerBenchmark benchmark = new TokenizerBenchmark(tokenizer, texts);
      print("%s texts: %.2f ms", texts.size(), benchmark.milliseconds(400, benchmark::encodeTexts));
      print("100,000 characters: %.2f ms", benchmark.milliseconds(100, benchmark::encodeLong));
      print("1,000,000 characters: %.1f ms", benchmark.milliseconds(10, benchmark::encodeLongest));
      print("1,000,000 times a: %.1f ms", benchmark.milliseconds(10, benchmark::encodeOneLetter));
    }
  }

  int encodeTexts() {
    return texts.stream().mapToInt(text -> tokenizer.encode(text).length).sum();
  }

  int encodeLong() {
    return tokenizer.encode(longText).length;
  }

  int encodeLongest() {
    return tokenizer.encode(longestText).length;
  }

  int encodeOneLetter() {
    return tokenizer.encode("a".repeat(CHARS_OF_LONGEST_TEXT)).length;
  }

  /**
   * Returns the shortest time that this thread computed in a round, whatever else the machine did.
   */
  double milliseconds(int rounds, Encoding encoding) {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < rounds; i++) {
      double start = threadSeconds();
      if (encoding.ids() == 0) {
        throw new IllegalStateException("a text has no ids");
      }
      least = Math.min(least, threadSeconds() - start);
    }
    return least * 1e3;
  }

  /** Encodes something and returns the number of ids. */
  interface Encoding {
    int ids();
  }

  private static double threadSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  /** Returns 0 if the system doesn't report it. */
  static long residentMegabytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .sum();
  }

  private static void print(String form, Object... values) {
    System.out.println(String.format(Locale.ROOT, form, values));
  }
}
