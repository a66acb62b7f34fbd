package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.nio.file.Path;
import java.util.List;

/** Whom or what does a pronoun mean? */
final class Xwinograd implements DataSet {
  private static final String FORM =
      "XWinograd's file, on each line a JSON object with sentence (where _ is the gap), option1,"
          + " option2 and answer (\"1\" or \"2\")";
  private static final String GAP = "_";

  @Override
  public String name() {
    return "xwinograd";
  }

  @Override
  public List<String> languages() {
    return List.of("en", "zh", "ja", "pt", "ru", "fr");
  }

  @Override
  public DataFile file(Path data, String language) {
    String name = language.equals("ja") ? "jp" : language; // as the data set calls it
    return new DataFile(data.resolve("xwinograd/%s.jsonl".formatted(name)), FORM);
  }

  @Override
  public List<Item> items(TaskSettings settings, String language) {
    return file(settings.data(), language).jsonLines().stream()
        .limit(settings.limit())
        .map(line -> item(line, language))
        .toList();
  }

  private static Item item(DataRecord line, String language) {
    String sentence = line.text("sentence");
    int gap = sentence.indexOf(GAP);
    int gold = List.of("1", "2").indexOf(line.text("answer"));
    if (gap < 0 || gold < 0) {
      throw new PolyLmException(
          "%s: sentence \"%s\" must have the gap _, and answer \"%s\" must be 1 or 2"
              .formatted(line.place(), Quoted.of(sentence), Quoted.of(line.text("answer"))));
    }
    String before = sentence.substring(0, gap);
    String after = sentence.substring(gap + 1);
    List<String> options =
        List.of(before + line.text("option1") + after, before + line.text("option2") + after);
    return ChoiceItem.ofTexts(language, options, gold);
  }

  @Override
  public List<Measure> measures() {
    return List.of(new Accuracy("accuracy", Accuracy.Length.ONE));
  }

  @Override
  public int shots(TaskSettings settings) {
    return 0;
  }
}
