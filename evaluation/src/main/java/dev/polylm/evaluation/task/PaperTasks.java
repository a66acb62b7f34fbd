package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the tasks of the paper by name, and reads them. */
public final class PaperTasks {
  /** The names that a caller can give. */
  public static final List<String> NAMES =
      List.of("xnli", "xcopa", "paws-x", "xwinograd", "tydiqa", "mtg", "wmt20");

  private PaperTasks() {}

  /**
   * Checks names and languages before data is read.
   *
   * @param names expected to be some of {@link #NAMES}
   * @throws PolyLmException if a name is unknown, or a language is in none of these tasks
   */
  public static void check(List<String> names, List<String> languages) {
    List<DataSet> sets = new ArrayList<>();
    names.forEach(name -> sets.addAll(sets(name)));
    if (sets.isEmpty() && !languages.isEmpty()) {
      throw new PolyLmException(
          "the languages are %s, but no task here has languages; leave them out"
              .formatted(languages));
    }
    checkLanguages(sets, languages);
  }

  /**
   * Reads a task, or its parts. There are none if the task does not have the languages.
   *
   * @param name one of {@link #NAMES}
   * @throws PolyLmException if a file is missing, empty, broken or of another form
   */
  public static List<Task> read(String name, TaskSettings settings) {
    List<Task> tasks = new ArrayList<>();
    for (DataSet set : sets(name)) {
      List<String> wanted = wanted(set, settings.languages());
      if (!wanted.isEmpty()) {
        tasks.add(read(set, wanted, settings));
      }
    }
    return tasks;
  }

  private static List<DataSet> sets(String name) {
    return switch (name) {
      case "xnli" -> List.of(new Xnli());
      case "xcopa" -> List.of(new Xcopa());
      case "paws-x" -> List.of(new PawsX());
      case "xwinograd" -> List.of(new Xwinograd());
      case "tydiqa" -> List.of(new TydiQa());
      case "mtg" ->
          List.of(
              new Mtg(Mtg.Kind.STORY),
              new Mtg(Mtg.Kind.TITLE),
              new Mtg(Mtg.Kind.QUESTION),
              new Mtg(Mtg.Kind.SUMMARY));
      case "wmt20" -> List.of(new Wmt20());
      default ->
          throw new PolyLmException(
              "task \"%s\" is unknown, must be one of %s or a YAML file of lm-evaluation-harness"
                  .formatted(name, NAMES));
    };
  }

  private static void checkLanguages(List<DataSet> sets, List<String> languages) {
    Set<String> known = new LinkedHashSet<>();
    for (DataSet set : sets) {
      for (String language : set.languages()) {
        known.add(language);
        known.addAll(List.of(language.split("-")));
      }
    }
    for (String language : languages) {
      if (!known.contains(language)) {
        throw new PolyLmException(
            "language \"%s\" is in none of the tasks, must be one of %s"
                .formatted(language, new TreeSet<>(known)));
      }
    }
  }

  /** Returns the languages of a set that are asked for; a language also asks for its pairs. */
  private static List<String> wanted(DataSet set, List<String> languages) {
    return set.languages().stream()
        .filter(
            language ->
                languages.isEmpty()
                    || languages.contains(language)
                    || (language.contains("-")
                        && List.of(language.split("-")).stream().anyMatch(languages::contains)))
        .toList();
  }

  /** Reads a set. Languages that were not asked for by name are left out if they have no file. */
  private static Task read(DataSet set, List<String> wanted, TaskSettings settings) {
    List<Item> items = new ArrayList<>();
    for (String language : wanted) {
      boolean asked = settings.languages().contains(language);
      DataFile file = set.file(settings.data(), language);
      if (asked && !file.exists()) {
        throw file.missing();
      }
      List<Item> found = file.exists() ? set.items(settings, language) : List.of();
      if (file.exists() && found.isEmpty() && asked) {
        throw new PolyLmException(
            "%s: has no items of %s, expected %s".formatted(file.path(), language, file.form()));
      }
      items.addAll(found);
    }
    if (items.isEmpty()) {
      List<DataFile> files = wanted.stream().map(l -> set.file(settings.data(), l)).toList();
      throw files.stream()
          .filter(DataFile::exists)
          .findFirst()
          .map(file -> new PolyLmException(file.path() + ": has no items, expected " + file.form()))
          .orElseGet(() -> files.get(0).missing());
    }
    return new Task(set.name(), items, set.measures(), set.shots(settings));
  }
}
