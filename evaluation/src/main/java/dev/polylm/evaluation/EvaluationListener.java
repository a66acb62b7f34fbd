package dev.polylm.evaluation;

/** Is told how far an evaluation is, on the thread that runs it. */
@FunctionalInterface
public interface EvaluationListener {
  /**
   * Is called after each batch of items.
   *
   * @param task the task's name
   * @param done how many items of all tasks are answered
   * @param total how many items there are
   */
  void answered(String task, int done, int total);
}
