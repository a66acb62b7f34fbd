package dev.polylm.evaluation.task;

import java.nio.file.Path;
import java.util.List;

/** A data set: which languages it has, and how the items of one are read. */
interface DataSet {

  /** Returns the name of the task that its items make. */
  String name();

  /** Returns the languages, or the pairs of languages, in the order of the report. */
  List<String> languages();

  /** Returns the file that holds the items of a language. */
  DataFile file(Path data, String language);

  /**
   * Returns the items of a language, in the order of the file. It is empty if the file has none.
   *
   * @throws dev.polylm.PolyLmException if a file is missing, broken or of another form
   */
  List<Item> items(TaskSettings settings, String language);

  /** Returns how answers are judged. */
  List<Measure> measures();

  /** Returns how many examples are before each item. */
  int shots(TaskSettings settings);
}
