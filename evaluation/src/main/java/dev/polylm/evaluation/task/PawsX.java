package dev.polylm.evaluation.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Do two sentences say the same? The published files have a few pairs without a translation. They
 * are left out, as lm-evaluation-harness does.
 */
final class PawsX implements DataSet {
  private static final List<String> COLUMNS = List.of("sentence1", "sentence2", "label");

  @Override
  public String name() {
    return "paws-x";
  }

  @Override
  public List<String> languages() {
    return List.of("en", "zh", "es", "fr", "ja", "ko", "de");
  }

  @Override
  public DataFile file(Path data, String language) {
    return new DataFile(
        data.resolve("paws-x/%s/test_2k.tsv".formatted(language)),
        "PAWS-X's test file, columns separated by tabs with " + COLUMNS + " in the first line");
  }

  @Override
  public List<Item> items(TaskSettings settings, String language) {
    Table rows = Table.read(file(settings.data(), language), COLUMNS);
    List<String> words = Words.of("paws-x", language);
    List<Item> items = new ArrayList<>();
    for (int row = 0; row < rows.size() && items.size() < settings.limit(); row++) {
      String first = rows.cell(row, "sentence1");
      String second = rows.cell(row, "sentence2");
      if (first.isBlank() || second.isBlank()) {
        continue;
      }
      List<String> options =
          words.subList(1, words.size()).stream()
              .map(word -> "%s, %s? %s, %s".formatted(first, words.get(0), word, second))
              .toList();
      items.add(ChoiceItem.ofTexts(language, options, rows.choice(row, "label", "0", "1")));
    }
    return items;
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
