package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.openai.TaskRun.PieceListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The answer to one task, whole or in chunks. Call either {@link #whole} or {@link #stream}, and
 * only once. Any thread may call {@link #cancel} at any time.
 */
public final class Answer {
  private final Task task;
  private final AnswerJson json;
  private final TaskRun run;
  private final Consumer<ObjectNode> sink;

  /**
   * @param caller who asks, for a fair share of the model's rows
   * @param time how long the answer may take from now on
   * @param sink takes the chunks, from several threads but one at a time; an exception from it ends
   *     all generations
   */
  public Answer(Task task, String caller, Duration time, Consumer<ObjectNode> sink) {
    this.task = task;
    this.json = AnswerJson.of(task);
    this.sink = sink;
    this.run = new TaskRun(task, caller, time, task.stream() ? chunks() : PieceListener.NONE);
  }

  private PieceListener chunks() {
    return new PieceListener() {
      @Override
      public synchronized void piece(int index, String text) {
        sink.accept(json.chunk(json.piece(index, text)));
      }

      @Override
      public synchronized void finished(Choice choice) {
        sink.accept(json.chunk(json.end(choice)));
      }
    };
  }

  /**
   * Ends all generations within their next step. A thread that waits for the answer gets an error.
   */
  public void cancel() {
    run.cancel();
  }

  /**
   * Waits for the whole answer.
   *
   * @throws ApiException if there is no answer
   */
  public ObjectNode whole() {
    List<Choice> choices = run.run();
    return json.whole(choices, run.usage());
  }

  /**
   * Waits until all chunks are delivered.
   *
   * @throws ApiException if there is no answer, or it ends early
   * @throws RuntimeException if the sink throws one
   */
  public void stream() {
    json.opening().forEach(choice -> sink.accept(json.chunk(choice)));
    run.run();
    if (task.includeUsage()) {
      sink.accept(json.usageChunk(run.usage()));
    }
  }
}
