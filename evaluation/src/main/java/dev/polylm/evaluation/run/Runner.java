package dev.polylm.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.Answer;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Answers the items of tasks, many at once, so that the engine runs them together. */
public final class Runner {
  /** How many items are asked for at once: the default of the engine's rows. */
  private static final int AT_ONCE = 16;

  private static final int BATCH = 4 * AT_ONCE;

  private final Answerer answerer;
  private final Journal journal;

  public Runner(Answerer answerer, Journal journal) {
    this.answerer = answerer;
    this.journal = journal;
  }

  /**
   * Answers the items of a task that the journal has no answer of yet.
   *
   * @param progress is told how many items are answered
   * @return the answer of each item
   */
  public List<Answered> answers(Task task, IntConsumer progress) {
    List<Answered> answers = known(task);
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      while (answers.size() < task.items().size()) {
        int end = Math.min(task.items().size(), answers.size() + BATCH);
        for (Answered answer : batch(threads, task.items().subList(answers.size(), end))) {
          answers.add(answer);
          journal.append(JournalLines.write(task, answers.size() - 1, answer));
        }
        progress.accept(answers.size());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Returns the journal's answers, which are those of the first items. */
  private List<Answered> known(Task task) {
    List<Answered> answers = new ArrayList<>();
    for (JsonNode line : journal.lines()) {
      if (JournalLines.isOf(line, task) && JournalLines.index(line) == answers.size()) {
        answers.add(JournalLines.read(line));
      }
    }
    return answers;
  }

  private List<Answered> batch(ExecutorService threads, List<Item> items) {
    long begin = System.nanoTime();
    List<Future<Answer>> running = new ArrayList<>();
    items.forEach(item -> running.add(threads.submit(() -> answerer.answer(item))));
    List<Answer> answers = new ArrayList<>();
    for (Future<Answer> answer : running) {
      answers.add(await(answer));
    }
    double seconds = (System.nanoTime() - begin) / 1e9 / items.size();
    return answers.stream().map(answer -> new Answered(answer, seconds)).toList();
  }

  private static Answer await(Future<Answer> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolyLmException("the evaluation was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new PolyLmException("an item can't be answered: " + e.getCause(), e);
    }
  }
}
