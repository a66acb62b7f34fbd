package dev.polylm.evaluation.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does a sentence follow from another? XNLI's file has all languages. The option that is likeliest
 * per id counts.
 */
final class Xnli implements DataSet {
  private static final List<String> COLUMNS =
      List.of("language", "gold_label", "sentence1", "sentence2");

  private @Nullable Table table;

  @Override
  public String name() {
    return "xnli";
  }

  @Override
  public List<String> languages() {
    return List.of(
        "en", "zh", "ar", "es", "fr", "ru", "th", "tr", "vi", "de", "bg", "el", "hi", "sw", "ur");
  }

  @Override
  public DataFile file(Path data, String language) {
    return new DataFile(
        data.resolve("xnli/xnli.test.tsv"),
        "XNLI 1.0's test file, columns separated by tabs with " + COLUMNS + " in the first line");
  }

  @Override
  public List<Item> items(TaskSettings settings, String language) {
    Table rows = table;
    if (rows == null) {
      rows = Table.read(file(settings.data(), language), COLUMNS);
      table = rows;
    }
    List<String> words = Words.of("xnli", language);
    List<Item> items = new ArrayList<>();
    for (int row = 0; row < rows.size() && items.size() < settings.limit(); row++) {
      if (rows.cell(row, "language").equals(language)) {
        items.add(item(rows, row, language, words));
      }
    }
    return items;
  }

  private static Item item(Table rows, int row, String language, List<String> words) {
    String premise = rows.text(row, "sentence1");
    String hypothesis = rows.text(row, "sentence2");
    List<String> options =
        words.subList(1, words.size()).stream()
            .map(word -> "%s, %s? %s, %s".formatted(premise, words.get(0), word, hypothesis))
            .toList();
    int gold = rows.choice(row, "gold_label", "entailment", "neutral", "contradiction");
    return ChoiceItem.ofTexts(language, options, gold);
  }

  @Override
  public List<Measure> measures() {
    return List.of(new Accuracy("accuracy", Accuracy.Length.TOKENS));
  }

  @Override
  public int shots(TaskSettings settings) {
    return 0;
  }
}
