package dev.polylm.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import dev.polylm.evaluation.task.Answer;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Answers the items of tasks, many at once, so that the engine runs them together. */
public final class Runner {
  /** How many items are asked for at once: the default of the engine's rows. */
  private static final int AT_ONCE = 16;

  private static final int BATCH = 4 * AT_ONCE;

  private final Answerer answerer;
  private final Journal journal;

  /**
   * @param journal the answers so far
   * @param tasks all tasks of the run
   * @throws PolyLmException if the journal has lines of other tasks
   */
  public Runner(Answerer answerer, Journal journal, List<Task> tasks) {
    this.answerer = answerer;
    this.journal = journal;
    for (JsonNode line : journal.lines()) {
      if (tasks.stream().noneMatch(task -> JournalLines.isOf(line, task))) {
        throw journal.damaged("has a line of none of the run's tasks");
      }
    }
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
        for (Answered answer : batch(threads, task, answers.size(), end)) {
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
      if (JournalLines.isOf(line, task)) {
        answers.add(
            JournalLines.read(line, task, answers.size())
                .orElseThrow(() -> journal.damaged(missing(task, answers.size()))));
      }
    }
    return answers;
  }

  private static String missing(Task task, int index) {
    return "lacks the answer to item %s of %s".formatted(index, task.name());
  }

  private List<Answered> batch(ExecutorService threads, Task task, int from, int to) {
    long begin = System.nanoTime();
    List<Item> items = task.items().subList(from, to);
    List<Future<Answer>> running = new ArrayList<>();
    items.forEach(item -> running.add(threads.submit(() -> answerer.answer(item))));
    List<Optional<Answer>> found = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      found.add(await(running.get(i), task, from + i));
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      int index = from + i;
      answers.add(found.get(i).orElseGet(() -> again(threads, task, index)));
    }
    double seconds = (System.nanoTime() - begin) / 1e9 / items.size();
    return answers.stream().map(answer -> new Answered(answer, seconds)).toList();
  }

  /** Asks for an item that found the queue full, now that no other item of the run is there. */
  private Answer again(ExecutorService threads, Task task, int index) {
    Item item = task.items().get(index);
    return await(threads.submit(() -> answerer.answer(item)), task, index)
        .orElseThrow(
            () ->
                new PolyLmException(
                    "%s, item %s: the model's queue is full of other requests; run again to go on"
                        .formatted(task.name(), index)));
  }

  /** Waits for an answer. There is none if the model's queue was full. */
  private static Optional<Answer> await(Future<Answer> answer, Task task, int index) {
    try {
      return Optional.of(answer.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Journal.interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof QueueFullException) {
        return Optional.empty();
      }
      throw new PolyLmException(
          "%s, item %s: %s".formatted(task.name(), index, reason(e.getCause())), e.getCause());
    }
  }

  private static String reason(@Nullable Throwable failure) {
    return failure instanceof PolyLmException || failure instanceof CancellationException
        ? String.valueOf(failure.getMessage())
        : String.valueOf(failure);
  }
}
