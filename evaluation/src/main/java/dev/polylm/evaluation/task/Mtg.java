package dev.polylm.evaluation.task;

import dev.polylm.evaluation.task.Shots.Shot;
import dev.polylm.prompt.Language;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** One of MTG's four tasks: a text is to be written about another. */
final class Mtg implements DataSet {
  private final Kind kind;

  /** A task: its instruction, and its texts by the names that prompt and file have for them. */
  @SuppressWarnings("ImmutableEnumChecker") // its list is List.of
  enum Kind {
    STORY(
        "Write a story end of the following story in just a few sentences in %s.",
        "story", "story ending"),
    TITLE("Please generate a title for the following document in %s", "document", "title"),
    QUESTION(
        "Given a passage and a concept that can be found in this passage, please generate a"
            + " question in %s, the answer of which is this concept and is answerable after reading"
            + " this passage.",
        "passage", "answer", "question"),
    SUMMARY("Please generate a short summary of the given document in %s", "document", "summary");

    private final String instruction;
    private final List<String> texts; // the last is the answer

    Kind(String instruction, String... texts) {
      this.instruction = instruction;
      this.texts = List.of(texts);
    }

    private String folder() {
      return name().toLowerCase(Locale.ROOT);
    }

    private String answer() {
      return texts.get(texts.size() - 1);
    }

    private String form() {
      return "MTG's file, on each line a JSON object with " + texts;
    }
  }

  Mtg(Kind kind) {
    this.kind = kind;
  }

  @Override
  public String name() {
    return "mtg-" + kind.folder();
  }

  @Override
  public List<String> languages() {
    return List.of("zh", "en", "es", "fr", "de");
  }

  @Override
  public DataFile file(Path data, String language) {
    return file(data, language, "test");
  }

  private DataFile file(Path data, String language, String part) {
    Path path = data.resolve("mtg/%s/%s.%s.jsonl".formatted(kind.folder(), part, language));
    return new DataFile(path, kind.form());
  }

  @Override
  public List<Item> items(TaskSettings settings, String language) {
    List<DataRecord> lines = file(settings.data(), language).jsonLines();
    String shots = shots(settings, language);
    return lines.stream()
        .limit(settings.limit())
        .<Item>map(
            line ->
                settings.generation(
                    language, shots + prompt(line, language), List.of(line.text(kind.answer()))))
        .toList();
  }

  private String shots(TaskSettings settings, String language) {
    if (shots(settings) == 0) {
      return "";
    }
    DataFile file = file(settings.data(), language, "train");
    List<Shot> found =
        file.jsonLines().stream()
            .limit(shots(settings))
            .map(line -> new Shot(prompt(line, language), " ", line.text(kind.answer())))
            .toList();
    return Shots.text(file, language, found, shots(settings));
  }

  private String prompt(DataRecord line, String language) {
    StringBuilder prompt = new StringBuilder();
    prompt.append(kind.instruction.formatted(Language.of(language).englishName())).append('\n');
    for (String text : kind.texts.subList(0, kind.texts.size() - 1)) {
      prompt.append(text).append(": ").append(line.text(text)).append('\n');
    }
    return prompt.append(kind.answer()).append(':').toString();
  }

  @Override
  public List<Measure> measures() {
    return List.of(
        TextMeasure.ROUGE_MEAN,
        TextMeasure.ROUGE_1,
        TextMeasure.ROUGE_2,
        TextMeasure.ROUGE_L,
        TextMeasure.ROUGE_LSUM);
  }

  @Override
  public int shots(TaskSettings settings) {
    return settings.generationShots();
  }
}
