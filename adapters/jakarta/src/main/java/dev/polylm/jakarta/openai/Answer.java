package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The answer to one task, whole or in chunks: either {@link #whole} or {@link #stream} is called,
 * once. {@link #cancel} may be called at any time by any thread.
 */
public final class Answer {
  private final Task task;
  private final AnswerJson json;
  private final TaskRun run;
  private final Consumer<ObjectNode> sink;

  /**
   * @param caller who asks, for a fair share of the model's rows
   * @param time how long it may take from now on
   * @param sink takes the chunks, from several threads but one at a time; what it throws ends all
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

  /** Ends all generations within their next step; who waits for the answer gets an error. */
  public void cancel() {
    run.cancel();
  }

  /**
   * Waits for the whole answer.
   *
   * @throws ApiException if there is none
   */
  public ObjectNode whole() {
    List<Choice> choices = run.run();
    return json.whole(choices, run.usage());
  }

  /**
   * Waits until all chunks are given.
   *
   * @throws ApiException if there is no answer, or no more of it
   * @throws RuntimeException what the sink threw
   */
  public void stream() {
    json.opening().forEach(choice -> sink.accept(json.chunk(choice)));
    run.run();
    if (task.includeUsage()) {
      sink.accept(json.usageChunk(run.usage()));
    }
  }
}
