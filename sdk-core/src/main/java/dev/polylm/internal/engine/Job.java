package dev.polylm.internal.engine;

import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.decoding.DecodingTask.HiddenStates;
import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import dev.polylm.internal.decoding.DecodingTicket.Outcome;
import dev.polylm.internal.decoding.DecodingTimes;
import java.util.Arrays;
import java.util.List;

/** A task on its way through the scheduler: where its rows lie and how far it is. */
final class Job {
  private final DecodingTask task; // used through the ticket only, once it is submitted
  private final Ticket ticket;
  private final int priority;
  private final List<int[]> prompts;
  private final int[] wantedFrom; // [prompts]: the position from which on the task wants logits
  private final boolean hiddenStates; // the task wants those of its prompts
  private final int rowsOfPrompts; // a row for each prompt, or one for all in turn
  private final LaneSize size;
  private final float[][] promptLogits; // [rowsOfPrompts][vocabSize]: what follows each
  private int[] places = {}; // [rows]: which row of the lane holds each row
  private NextStep next = new NextStep(new int[0], new int[0], new int[0], 1);
  private int reading; // the prompt that is being read; prompts.size() when all have been
  private boolean promptBegun; // of the prompt that is being read

  /**
   * @param chunkLogits rows of logits that a chunk of a prompt may give at most
   * @param chunkStates rows of logits whose memory the hidden states of a chunk take
   */
  Job(DecodingTask task, Ticket ticket, int priority, int chunkLogits, int chunkStates) {
    this.task = task;
    this.ticket = ticket;
    this.priority = priority;
    this.prompts = task.prompts();
    this.wantedFrom = new int[prompts.size()];
    Arrays.setAll(wantedFrom, task::promptLogitsFrom);
    this.hiddenStates = task.wantsHiddenStates();
    this.rowsOfPrompts = task.maxRows() == 0 ? 1 : prompts.size();
    this.promptLogits = new float[rowsOfPrompts][];
    this.size = size(chunkLogits, hiddenStates ? chunkStates : 0);
  }

  private LaneSize size(int chunkLogits, int chunkStates) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    int rows = Math.max(task.maxRows(), rowsOfPrompts);
    int wanted = 1 + task.maxDraftIds();
    for (int i = 0; i < prompts.size(); i++) {
      int inChunk = Math.min(prompts.get(i).length - promptLogitsFrom(i), chunkLogits);
      wanted = Math.max(wanted, inChunk);
    }
    // The last id of a sequence is never read.
    return new LaneSize(
        rows, Math.max(longest, task.maxLength() - 1), Math.max(rows, wanted) + chunkStates);
  }

  /** Those that follow a prompt's last id are always wanted. */
  private int promptLogitsFrom(int prompt) {
    return Math.min(wantedFrom[prompt], prompts.get(prompt).length - 1);
  }

  /** The first position of the prompt that is being read after which logits are wanted. */
  int promptLogitsFrom() {
    return promptLogitsFrom(reading);
  }

  /** How many of the prompt's first ids need not be read where their keys and values are known. */
  int reusableIds() {
    return hiddenStates ? 0 : promptLogitsFrom();
  }

  boolean wantsHiddenStates() {
    return hiddenStates;
  }

  Ticket ticket() {
    return ticket;
  }

  int priority() {
    return priority;
  }

  /** What there is to say of it once it has ended. */
  EndedRequest ended() {
    DecodingTimes times = ticket.times();
    return new EndedRequest(
        ticket.how(),
        prompts.stream().mapToInt(prompt -> prompt.length).sum(),
        times.reusedIds(),
        times.queued(),
        times.prompt(),
        times.decoding(),
        times.steps());
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
    ticket.use(Progress::admitted);
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
    return places[rowOfPrompt()];
  }

  private int rowOfPrompt() {
    return Math.min(reading, rowsOfPrompts - 1);
  }

  void reused(int ids) {
    ticket.use(progress -> progress.reused(ids));
  }

  /** Takes the hidden states of a chunk of the prompt where the task wants them; before logits. */
  void hiddenStatesRead(int ids, HiddenStates states) {
    if (hiddenStates) {
      int prompt = reading;
      ticket.use(progress -> task.takeHiddenStates(prompt, ids, states));
    }
  }

  /**
   * Takes the logits of a chunk of the prompt.
   *
   * @param from the position of the chunk's first id
   * @param to after its last
   * @param logitsRows rows of logits of the chunk, those that follow its last ids
   */
  void promptRead(int from, int to, int logitsRows, int vocabSize, RowLogits logits) {
    int prompt = reading;
    int wanted = Math.max(from, wantedFrom[prompt]);
    if (wanted < to) {
      int first = wanted - (to - logitsRows);
      RowLogits ofWanted = (row, target) -> logits.copy(first + row, target);
      ticket.use(progress -> task.takePromptLogits(prompt, wanted, to - wanted, ofWanted));
    }
    if (to == prompt().length) {
      float[] last = new float[vocabSize];
      logits.copy(logitsRows - 1, last);
      promptLogits[rowOfPrompt()] = last;
      reading++;
      promptBegun = false;
      if (decoding()) {
        ticket.use(Progress::promptsRead);
        advance(
            (row, target) ->
                System.arraycopy(promptLogits[row], 0, target, 0, promptLogits[row].length));
        Arrays.fill(promptLogits, new float[0]);
      }
    }
  }

  /** What its rows read next. */
  NextStep next() {
    return next;
  }

  /** The next step reads no draft. */
  void dropDraft() {
    ticket.use(progress -> task.dropDraft());
  }

  /** Takes the logits of a decoding step, by the rows of its lane. */
  void stepped(RowLogits logits) {
    ticket.use(Progress::stepped);
    advance((row, target) -> logits.copy(places[row], target));
  }

  /** Takes the logits of a run that read its next id and its draft. */
  void steppedWithDraft(RowLogits logits) {
    ticket.use(Progress::stepped);
    advance(logits);
  }

  private void advance(RowLogits logits) {
    ticket.use(
        progress -> {
          task.advance(logits);
          next = NextStep.of(task);
          if (task.finished()) {
            ticket.end(Outcome.FINISHED);
          }
        });
  }
}
