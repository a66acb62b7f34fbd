package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.Shots.Shot;
import dev.polylm.internal.untrusted.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Questions whose answers are in a text. TyDiQA-GoldP's files have all languages. */
final class TydiQa implements DataSet {
  private static final String FORM =
      "TyDiQA-GoldP 1.1's file in SQuAD's form: {\"data\": [{\"paragraphs\": [{\"context\","
          + " \"qas\": [{\"id\", \"question\", \"answers\": [{\"text\"}]}]}]}]}, where each id"
          + " begins with the name of the language";

  /** The names that ids begin with, by language. */
  private static final Map<String, String> NAMES = names();

  private final Map<Path, List<Question>> read = new LinkedHashMap<>();

  private record Question(String language, String prompt, List<String> answers) {}

  private static Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("ar", "Arabic");
    names.put("en", "English");
    names.put("id", "Indonesian");
    names.put("ko", "Korean");
    names.put("ru", "Russian");
    names.put("fi", "Finnish");
    names.put("bn", "Bengali");
    names.put("sw", "Swahili");
    names.put("te", "Telugu");
    return names;
  }

  @Override
  public String name() {
    return "tydiqa";
  }

  @Override
  public List<String> languages() {
    return List.copyOf(NAMES.keySet());
  }

  @Override
  public DataFile file(Path data, String language) {
    return new DataFile(data.resolve("tydiqa/tydiqa-goldp-v1.1-dev.json"), FORM);
  }

  @Override
  public List<Item> items(TaskSettings settings, String language) {
    List<Question> questions = questions(file(settings.data(), language), language);
    if (questions.isEmpty()) {
      return List.of();
    }
    String shots = shots(settings, language);
    return questions.stream()
        .limit(settings.limit())
        .<Item>map(q -> settings.generation(language, shots + q.prompt(), q.answers()))
        .toList();
  }

  private String shots(TaskSettings settings, String language) {
    if (shots(settings) == 0) {
      return "";
    }
    DataFile file =
        new DataFile(
            settings.data().resolve("tydiqa/tydiqa-goldp-v1.1-train.json"),
            "the examples of --shots: " + FORM);
    List<Shot> found =
        questions(file, language).stream()
            .map(q -> new Shot(q.prompt(), " ", q.answers().get(0)))
            .toList();
    return Shots.text(file, language, found, shots(settings));
  }

  private List<Question> questions(DataFile file, String language) {
    return read.computeIfAbsent(file.path(), path -> questions(file)).stream()
        .filter(question -> question.language().equals(language))
        .toList();
  }

  private static List<Question> questions(DataFile file) {
    List<Question> questions = new ArrayList<>();
    for (DataRecord article : file.json().list("data")) {
      for (DataRecord paragraph : article.list("paragraphs")) {
        String context = paragraph.text("context");
        for (DataRecord qa : paragraph.list("qas")) {
          questions.add(question(qa, context));
        }
      }
    }
    return questions;
  }

  private static Question question(DataRecord qa, String context) {
    String id = qa.text("id");
    List<String> answers = qa.list("answers").stream().map(answer -> answer.text("text")).toList();
    if (answers.isEmpty()) {
      throw new PolyLmException("%s: answers is empty, expected %s".formatted(qa.place(), FORM));
    }
    for (Map.Entry<String, String> language : NAMES.entrySet()) {
      String name = language.getValue();
      if (id.regionMatches(true, 0, name + "-", 0, name.length() + 1)) {
        return new Question(language.getKey(), prompt(name, context, qa.text("question")), answers);
      }
    }
    throw new PolyLmException(
        "%s: id is \"%s\", must begin with one of %s and a hyphen"
            .formatted(qa.place(), Quoted.of(id), NAMES.values()));
  }

  private static String prompt(String language, String context, String question) {
    return ("Read the context and answer the question in one or a few words in %s.\n"
            + "Context (%s): %s\nQuestion: %s\nAnswer:")
        .formatted(language, language, context, question);
  }

  @Override
  public List<Measure> measures() {
    return List.of(TextMeasure.F1, TextMeasure.EXACT_MATCH);
  }

  @Override
  public int shots(TaskSettings settings) {
    return settings.generationShots();
  }
}
