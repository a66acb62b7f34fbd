package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.text.PythonText;
import dev.polylm.internal.untrusted.Quoted;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which of two sentences is the cause, or the effect, of another? */
final class Xcopa implements DataSet {
  private static final String FORM =
      "XCOPA's test file, on each line a JSON object with premise, choice1, choice2, question"
          + " (cause or effect) and label (0 or 1)";

  @Override
  public String name() {
    return "xcopa";
  }

  @Override
  public List<String> languages() {
    return List.of("id", "it", "th", "tr", "vi", "zh", "et", "ht", "qu", "sw", "ta");
  }

  @Override
  public DataFile file(Path data, String language) {
    return new DataFile(data.resolve("xcopa/%s/test.%s.jsonl".formatted(language, language)), FORM);
  }

  @Override
  public List<Item> items(TaskSettings settings, String language) {
    return file(settings.data(), language).jsonLines().stream()
        .limit(settings.limit())
        .map(line -> item(line, language))
        .toList();
  }

  private static Item item(DataRecord line, String language) {
    String beginning =
        withoutFullStop(PythonText.strip(line.text("premise"))) + " " + word(line, language);
    List<String> options =
        List.of(line.text("choice1"), line.text("choice2")).stream()
            .map(choice -> beginning + " " + beginningSmall(choice))
            .toList();
    return ChoiceItem.ofTexts(language, options, line.index("label", 2));
  }

  private static String word(DataRecord line, String language) {
    int index = List.of("cause", "effect").indexOf(line.text("question"));
    if (index < 0) {
      throw new PolyLmException(
          "%s: question is \"%s\", must be cause or effect"
              .formatted(line.place(), Quoted.of(line.text("question"))));
    }
    return Words.of("xcopa", language).get(index);
  }

  private static String withoutFullStop(String sentence) {
    int last = sentence.length() - 1;
    boolean punctuation =
        last >= 0
            && switch (Character.getType(sentence.charAt(last))) {
              case Character.OTHER_PUNCTUATION, Character.END_PUNCTUATION -> true;
              default -> false;
            };
    return punctuation ? sentence.substring(0, last) : sentence;
  }

  private static String beginningSmall(String sentence) {
    int second = sentence.offsetByCodePoints(0, 1);
    return sentence.substring(0, second).toLowerCase(Locale.ROOT) + sentence.substring(second);
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
