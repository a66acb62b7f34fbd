package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.Sgm.Segment;
import dev.polylm.evaluation.task.Shots.Shot;
import dev.polylm.internal.untrusted.Quoted;
import dev.polylm.prompt.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Translation from and to English. The files are WMT's sgm, or plain text with a sentence a line.
 */
final class Wmt20 implements DataSet {
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

  /**
   * Returns the file of one side, of the first set whose source is there: the sgm, or else the
   * plain text. Both sides are of one set.
   */
  private static DataFile side(Path data, String pair, List<String> sets, boolean source) {
    List<String> all = names(sets, pair, source);
    String form =
        "WMT's sgm with a <seg> for each sentence, or plain text with a sentence on each line, in"
            + " one of the files "
            + all;
    Path folder = data.resolve("wmt20");
    List<String> names =
        sets.stream()
            .filter(set -> existing(folder, names(List.of(set), pair, true)).isPresent())
            .findFirst()
            .map(set -> names(List.of(set), pair, source))
            .orElse(all);
    return new DataFile(existing(folder, names).orElse(folder.resolve(names.get(0))), form);
  }

  private static Optional<Path> existing(Path folder, List<String> names) {
    return names.stream().map(folder::resolve).filter(Files::exists).findFirst();
  }

  private static List<String> names(List<String> sets, String pair, boolean source) {
    String language = source ? source(pair) : target(pair);
    String side = source ? "src" : "ref";
    Stream<String> sgm =
        sets.stream()
            .map(set -> "%s-%s-%s.%s.sgm".formatted(set, pair.replace("-", ""), side, language));
    Stream<String> plain = sets.stream().map(set -> "%s.%s.%s".formatted(set, pair, language));
    return Stream.concat(sgm, plain).toList();
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
    List<Segment> sentences = segments(source);
    List<Segment> translations = segments(target);
    if (sentences.size() != translations.size()) {
      throw new PolyLmException(
          "%s: has %s sentences, %s has %s translations; expected as many"
              .formatted(source.path(), sentences.size(), target.path(), translations.size()));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < sentences.size(); i++) {
      String place = sentences.get(i).place();
      String other = translations.get(i).place();
      if (!place.isEmpty() && !other.isEmpty() && !place.equals(other)) {
        throw new PolyLmException(
            "%s: sentence %s is %s, in %s it is %s; expected the same in both"
                .formatted(
                    source.path(), i + 1, Quoted.of(place), target.path(), Quoted.of(other)));
      }
      pairs.add(new Pair(sentences.get(i).text(), translations.get(i).text()));
    }
    return pairs;
  }

  private static List<Segment> segments(DataFile file) {
    if (file.path().toString().endsWith(".sgm")) {
      return Sgm.segments(file);
    }
    List<Segment> segments = new ArrayList<>();
    for (String line : file.lines()) {
      if (line.isBlank()) {
        throw new PolyLmException(
            "%s: line %s is empty, expected %s"
                .formatted(file.path(), segments.size() + 1, file.form()));
      }
      segments.add(new Segment("", line));
    }
    return segments;
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
