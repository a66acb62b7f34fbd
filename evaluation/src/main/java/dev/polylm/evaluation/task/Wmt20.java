package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.Shots.Shot;
import dev.polylm.prompt.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translation from and to English. The files are WMT's sgm, or plain text with a sentence a line.
 */
final class Wmt20 implements DataSet {
  private static final Pattern SEGMENT = Pattern.compile("<seg[^>]*>(.*?)</seg>", Pattern.DOTALL);
  private static final List<String> TEST = List.of("newstest2020");

  /** WMT's sets of the year before; for new pairs of languages those that came with the test. */
  private static final List<String> EXAMPLES = List.of("newstest2019", "newsdev2020");

  @Override
  public String name() {
    return "wmt20";
  }

  @Override
  public List<String> languages() {
    return List.of("de-en", "ja-en", "ru-en", "zh-en", "en-de", "en-ja", "en-ru", "en-zh");
  }

  @Override
  public DataFile file(Path data, String pair) {
    return side(data, pair, TEST, true);
  }

  /** Returns the file of one side: the sgm that is there, or else the plain text. */
  private static DataFile side(Path data, String pair, List<String> sets, boolean source) {
    String language = source ? source(pair) : target(pair);
    Path folder = data.resolve("wmt20");
    List<String> names = new ArrayList<>();
    for (String set : sets) {
      names.add(
          "%s-%s-%s.%s.sgm"
              .formatted(set, pair.replace("-", ""), source ? "src" : "ref", language));
    }
    for (String set : sets) {
      names.add("%s.%s.%s".formatted(set, pair, language));
    }
    String form =
        "WMT's sgm with a <seg> for each sentence, or plain text with a sentence on each line, in"
            + " one of the files "
            + names;
    return names.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .map(path -> new DataFile(path, form))
        .orElseGet(() -> new DataFile(folder.resolve(names.get(0)), form));
  }

  private static String source(String pair) {
    return pair.substring(0, pair.indexOf('-'));
  }

  private static String target(String pair) {
    return pair.substring(pair.indexOf('-') + 1);
  }

  /** A sentence and its translation. */
  private record Pair(String sentence, String translation) {}

  @Override
  public List<Item> items(TaskSettings settings, String pair) {
    List<Pair> pairs = pairs(settings.data(), pair, TEST);
    String shots = shots(settings, pair);
    return pairs.stream()
        .limit(settings.limit())
        .<Item>map(
            p ->
                settings.generation(
                    pair, shots + prompt(p, pair, settings.tuned()), List.of(p.translation())))
        .toList();
  }

  private String shots(TaskSettings settings, String pair) {
    if (shots(settings) == 0) {
      return "";
    }
    List<Shot> found =
        pairs(settings.data(), pair, EXAMPLES).stream()
            .limit(shots(settings))
            .map(p -> new Shot(prompt(p, pair, settings.tuned()), "", p.translation()))
            .toList();
    return Shots.text(side(settings.data(), pair, EXAMPLES, true), pair, found, shots(settings));
  }

  /** A base model's answer ends at a line break, so the one before the answer is in the prompt. */
  private static String prompt(Pair sentence, String pair, boolean tuned) {
    return "%s Translate this sentence from %s to %s.%s"
        .formatted(
            sentence.sentence(),
            Language.of(source(pair)).englishName(),
            Language.of(target(pair)).englishName(),
            tuned ? "" : "\n");
  }

  private static List<Pair> pairs(Path data, String pair, List<String> sets) {
    DataFile source = side(data, pair, sets, true);
    DataFile target = side(data, pair, sets, false);
    List<String> sentences = segments(source);
    List<String> translations = segments(target);
    if (sentences.size() != translations.size()) {
      throw new PolyLmException(
          "%s: has %s sentences, %s has %s translations; expected as many"
              .formatted(source.path(), sentences.size(), target.path(), translations.size()));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i++) {
      pairs.add(new Pair(sentences.get(i), translations.get(i)));
    }
    return pairs;
  }

  private static List<String> segments(DataFile file) {
    if (!file.path().toString().endsWith(".sgm")) {
      return file.lines();
    }
    Matcher matcher = SEGMENT.matcher(file.text());
    List<String> segments = new ArrayList<>();
    while (matcher.find()) {
      segments.add(unescape(matcher.group(1).strip().replaceAll("\\s+", " ")));
    }
    if (segments.isEmpty()) {
      throw new PolyLmException(
          "%s: has no <seg>, expected %s".formatted(file.path(), file.form()));
    }
    return segments;
  }

  private static String unescape(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
  }

  @Override
  public List<Measure> measures() {
    return List.of(TextMeasure.BLEU, TextMeasure.CHRF);
  }

  @Override
  public int shots(TaskSettings settings) {
    return settings.generationShots();
  }
}
