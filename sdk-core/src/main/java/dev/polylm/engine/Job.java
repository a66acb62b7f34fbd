package dev.polylm.engine;

import dev.polylm.runtime.DecodingTask;
import dev.polylm.runtime.DecodingTask.RowLogits;
import dev.polylm.runtime.DecodingTicket.Outcome;
import dev.polylm.runtime.DecodingTimes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A task on its way through the scheduler: where its rows lie and how far it is. */
final class Job {
  private final DecodingTask task;
  private final Ticket ticket;
  private final int priority;
  private final List<int[]> prompts;
  private final int rowsOfPrompts; // a row for each prompt, or one for all in turn
  private final LaneSize size;
  private final float[][] promptLogits; // [prompts][vocabSize]: what follows each, once read
  private int[] places; // [rows]: which row of the lane holds each row
  private int reading; // the prompt that is being read; prompts.size() when all have been
  private boolean promptBegun; // of the prompt that is being read
  private long admitted;
  private long promptsRead;
  private int reusedIds;
  private int steps;

  /**
   * @param chunkLogits rows of logits that a chunk of a prompt may give at most
   */
  Job(DecodingTask task, Ticket ticket, int priority, int chunkLogits) {
    this.task = task;
    this.ticket = ticket;
    this.priority = priority;
    this.prompts = task.prompts();
    this.promptLogits = new float[prompts.size()][];
    this.places = new int[0];
    this.rowsOfPrompts = task.maxRows() == 0 ? 1 : prompts.size();
    this.size = size(chunkLogits);
  }

  private LaneSize size(int chunkLogits) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(1);
    int rows = Math.max(task.maxRows(), rowsOfPrompts);
    int wanted = 1 + task.maxDraftIds();
    for (int i = 0; i < prompts.size(); i++) {
      int inChunk = Math.min(prompts.get(i).length - promptLogitsFrom(i), chunkLogits);
      wanted = Math.max(wanted, inChunk);
    }
    // The last id of a sequence is never read.
    return new LaneSize(rows, Math.max(longest, task.maxLength() - 1), Math.max(rows, wanted));
  }

  private int promptLogitsFrom(int prompt) {
    return Math.min(task.promptLogitsFrom(prompt), prompts.get(prompt).length - 1);
  }

  /** The first position of the prompt that is being read after which logits are wanted. */
  int promptLogitsFrom() {
    return promptLogitsFrom(reading);
  }

  DecodingTask task() {
    return task;
  }

  Ticket ticket() {
    return ticket;
  }

  int priority() {
    return priority;
  }

  /** What it can come to need. */
  LaneSize size() {
    return size;
  }

  /** The rows of its lane that hold something of it; may be written to. */
  int[] places() {
    return places;
  }

  void moveTo(int[] newPlaces) {
    places = newPlaces;
  }

  /** Begins with a row for each prompt. */
  void admit(int[] promptPlaces) {
    admitted = System.nanoTime();
    places = promptPlaces;
  }

  /** How many rows its prompts are read into. */
  int rowsOfPrompts() {
    return rowsOfPrompts;
  }

  /** True when all prompts have been read, so that its rows take part in the decoding steps. */
  boolean decoding() {
    return reading == prompts.size();
  }

  /** The prompt that is being read. */
  int[] prompt() {
    return prompts.get(reading);
  }

  /** True the first time for each prompt. */
  boolean beginPrompt() {
    boolean first = !promptBegun;
    promptBegun = true;
    return first;
  }

  /** The row of the lane that the prompt is being read into. */
  int promptPlace() {
    return places[Math.min(reading, rowsOfPrompts - 1)];
  }

  void reused(int ids) {
    reusedIds += ids;
  }

  /**
   * Takes the logits of a chunk of the prompt.
   *
   * @param from the position of the chunk's first id
   * @param to after its last
   * @param logitsRows rows of logits of the chunk, those that follow its last ids
   */
  void promptRead(int from, int to, int logitsRows, int vocabSize, RowLogits logits) {
    int wanted = Math.max(from, task.promptLogitsFrom());
    if (wanted < to) {
      int first = wanted - (to - logitsRows);
      task.takePromptLogits(wanted, to - wanted, (row, target) -> logits.copy(first + row, target));
    }
    if (to == prompt().length) {
      promptLogits[reading] = new float[vocabSize];
      logits.copy(logitsRows - 1, promptLogits[reading]);
      reading++;
      promptBegun = false;
      if (decoding()) {
        task.advance(
            (row, target) ->
                System.arraycopy(promptLogits[row], 0, target, 0, promptLogits[row].length));
        Arrays.fill(promptLogits, new float[0]);
        promptsRead = System.nanoTime();
      }
    }
  }

  /** Takes the logits of a decoding step, by the rows of its lane. */
  void stepped(RowLogits logits) {
    steps++;
    task.advance((row, target) -> logits.copy(places[row], target));
  }

  /** Takes the logits of a run that read its next id and its draft. */
  void steppedWithDraft(RowLogits logits) {
    steps++;
    task.advance(logits);
  }

  void end(Outcome how) {
    ticket.end(how, times());
  }

  void fail(Throwable cause) {
    ticket.fail(cause, times());
  }

  private DecodingTimes times() {
    long now = System.nanoTime();
    long left = admitted == 0 ? now : admitted;
    long read = decoding() ? promptsRead : now;
    return new DecodingTimes(
        Duration.ofNanos(left - ticket.submitted()),
        Duration.ofNanos(read - left),
        Duration.ofNanos(now - read),
        reusedIds,
        steps);
  }
}
