package dev.polylm.jakarta.openai;

import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import dev.polylm.internal.chat.ReplyText;
import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.scoring.Score;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the generations of one task. Each answer has its own generation, so that it has its own seed
 * and can be delivered while it is made. With beams, each prompt has one generation.
 *
 * <p>Call {@link #run} once. Any thread may call {@link #cancel} at any time.
 */
final class TaskRun {

  /**
   * A started generation for a prompt. It has one answer, or all answers of a beam search.
   *
   * @param result waits for the result
   * @param cancel ends the generation; any thread may call it
   */
  private record Attempt(
      Task.SentPrompt prompt, Supplier<GenerationResult> result, Runnable cancel) {}

  /** Receives answers while they are made. Several choices may come from several threads. */
  interface PieceListener {
    PieceListener NONE =
        new PieceListener() {
          @Override
          public void piece(int index, String text) {}

          @Override
          public void finished(Choice choice) {}
        };

    /** Takes more text of a choice. An exception from it ends all generations. */
    void piece(int index, String text);

    /**
     * Takes the end of a choice, after all its pieces. There are no pieces if the answer could not
     * be delivered while it was made.
     */
    void finished(Choice choice);
  }

  /** How many generations of one task run at a time. */
  private static final int WINDOW = 16;

  private final Task task;
  private final long deadline; // nanoTime
  private final PieceListener listener;
  private final long seed;
  private final Deque<Attempt> started = new ArrayDeque<>(); // guarded by this
  private final List<GeneratedSequence> candidates = new ArrayList<>(); // those of one prompt
  private final List<Choice> choices = new ArrayList<>();
  private final String caller;
  private @Nullable Score promptScore; // of the prompt whose candidates are being collected
  private boolean cancelled; // guarded by this
  private int completionTokens;
  private int cachedTokens;

  /**
   * @param caller who asks, for a fair share of the model's rows
   */
  TaskRun(Task task, String caller, Duration time, PieceListener listener) {
    this.task = task;
    this.caller = caller;
    this.deadline = System.nanoTime() + time.toNanos();
    this.listener = listener;
    this.seed = task.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
  }

  /** Ends all generations within their next step; {@link #run} then throws. */
  synchronized void cancel() {
    cancelled = true;
    started.forEach(attempt -> attempt.cancel().run());
  }

  /**
   * Makes all answers.
   *
   * @return n answers to each prompt, in the prompts' order
   * @throws ApiException if the model refuses the request, the time was over before the first
   *     token, or the run was cancelled
   * @throws RuntimeException if the listener throws one
   */
  List<Choice> run() {
    ServedModel.Use use = ModelNames.use(task.model());
    try (use) {
      int perPrompt = task.beams() ? 1 : task.candidates();
      for (int i = 0; i < task.prompts().size() * perPrompt && task.maxTokens() > 0; i++) {
        start(i / perPrompt, i % perPrompt);
        if (size() == WINDOW) {
          finishOldest();
        }
      }
      while (size() > 0) {
        finishOldest();
      }
      if (task.maxTokens() == 0) {
        for (int i = 0; i < task.prompts().size(); i++) {
          finish(task.prompts().get(i), score(i), null);
        }
      }
      return choices;
    } catch (QueueFullException e) {
      throw ApiException.tooManyRequests(SettingsFields.sentence(e));
    } catch (CancellationException e) {
      throw closed();
    } catch (PolyLmException e) {
      throw task.model().isClosed() ? closed() : refused(e);
    } finally {
      cancel();
    }
  }

  static ApiException closed() {
    return ApiException.unavailable("The server is shutting down.");
  }

  private static ApiException refused(PolyLmException e) {
    return ApiException.badRequest(null, SettingsFields.sentence(e));
  }

  private synchronized int size() {
    return started.size();
  }

  private void start(int promptIndex, int candidate) {
    Task.SentPrompt prompt = task.prompts().get(promptIndex);
    GenerationRequest request = request(promptIndex, candidate);
    if (task.isLive()) {
      startLive(prompt, request, promptIndex * task.n() + candidate);
    } else {
      start(prompt, request);
    }
  }

  /**
   * Starts a generation whose pieces are delivered while it runs. The task's own thread reads the
   * only one. Several have listeners, since their pieces come in any order.
   */
  private void startLive(Task.SentPrompt prompt, GenerationRequest request, int index) {
    ReplyText reply = task.replyText();
    Consumer<String> listener = piece -> give(index, reply.accept(piece));
    if (task.prompts().size() * task.candidates() == 1) {
      stream(prompt, request, listener);
    } else {
      start(prompt, request.withTextListener(listener));
    }
  }

  private synchronized void checkRunning() {
    if (cancelled) {
      throw closed();
    }
  }

  private synchronized void start(Task.SentPrompt prompt, GenerationRequest request) {
    checkRunning();
    GenerationHandle handle = task.polyLm().start(request);
    started.addLast(new Attempt(prompt, handle::result, handle::cancel));
  }

  private synchronized void stream(
      Task.SentPrompt prompt, GenerationRequest request, Consumer<String> listener) {
    checkRunning();
    GenerationStream stream = task.polyLm().stream(request);
    started.addLast(
        new Attempt(
            prompt,
            () -> {
              stream.forEach(listener);
              return stream.result();
            },
            stream::cancel));
  }

  private GenerationRequest request(int promptIndex, int candidate) {
    Task.SentPrompt prompt = task.prompts().get(promptIndex);
    GenerationRequest request =
        GenerationRequest.ofIds(prompt.ids())
            .withConfig(config(promptIndex, candidate))
            .withPriority(task.priority())
            .withCaller(caller);
    Constraint constraint = task.answer().constraint();
    if (constraint != null) {
      request = request.withConstraint(constraint);
    } else if (!task.chat()) {
      request = request.withContinuedText();
    }
    return candidate == 0 && isScored(prompt)
        ? request.withPromptLogprobs(task.logprobs().getAsInt())
        : request;
  }

  private void give(int index, String text) {
    if (!text.isEmpty()) {
      listener.piece(index, text);
    }
  }

  private GenerationConfig config(int promptIndex, int candidate) {
    boolean ranked = !task.beams() && task.candidates() > task.n();
    boolean logprobs = task.logprobs().isPresent() || ranked;
    GenerationConfigBuilder config =
        task.config().toBuilder()
            .maxTime(timeLeft())
            .seed(seed + promptIndex * (long) task.candidates() + candidate);
    if (task.logprobs().orElse(0) > 0) {
      config.topLogprobs(task.logprobs().getAsInt());
    }
    if (task.beams()) {
      config.numReturnSequences(task.n());
    }
    return config.outputLogprobs(logprobs).build();
  }

  private Duration timeLeft() {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    return task.config().maxTime().filter(asked -> asked.compareTo(left) < 0).orElse(left);
  }

  private synchronized Attempt oldest() {
    return started.element();
  }

  /** Waits for the end of the oldest attempt. */
  private GenerationResult awaitOldest() {
    GenerationResult result = oldest().result().get();
    synchronized (this) {
      started.remove();
    }
    result.sequences().forEach(TaskRun::checkEnd);
    return result;
  }

  private void finishOldest() {
    Attempt attempt = oldest();
    GenerationResult result = awaitOldest();
    completionTokens += result.newTokens();
    cachedTokens += result.cachedTokens();
    GenAiMeters.answered(task, result);
    result.promptScore().ifPresent(score -> promptScore = score);
    candidates.addAll(result.sequences());
    if (candidates.size() == (task.beams() ? task.n() : task.candidates())) {
      candidates.sort(Comparator.comparingDouble(sequence -> -quality(sequence)));
      candidates
          .subList(0, task.n())
          .forEach(sequence -> finish(attempt.prompt(), promptScore, sequence));
      candidates.clear();
      promptScore = null;
    }
  }

  private static void checkEnd(GeneratedSequence sequence) {
    if (sequence.finishReason() == FinishReason.CANCELLED) {
      throw closed();
    }
    if (sequence.finishReason() == FinishReason.TIME && sequence.ids().length == 0) {
      throw ApiException.timeout();
    }
  }

  /**
   * Returns the mean log-probability of the ids if the best answers are to be chosen, or else the
   * same value for all.
   */
  private double quality(GeneratedSequence sequence) {
    if (task.beams() || task.candidates() == task.n()) {
      return 0;
    }
    double sum = 0;
    for (float logprob : sequence.tokenLogprobs()) {
      sum += logprob;
    }
    return sum / Math.max(1, sequence.ids().length);
  }

  /**
   * Returns whether an echo must report the log-probabilities of the prompt's ids after the first.
   */
  private boolean isScored(Task.SentPrompt prompt) {
    return task.echo() && task.logprobs().isPresent() && prompt.ids().length > 1;
  }

  /**
   * Returns the log-probabilities of a prompt without an answer, or null if nobody wants them. They
   * are those of a generation, which has a caller, ends in time and can be cancelled. The id that
   * it makes is dropped.
   */
  private @Nullable Score score(int promptIndex) {
    Task.SentPrompt prompt = task.prompts().get(promptIndex);
    if (!isScored(prompt)) {
      return null;
    }
    if (prompt.ids().length == task.polyLm().manifest().model().contextLength()) {
      return scoreFull(prompt.ids());
    }
    start(prompt, request(promptIndex, 0));
    return awaitOldest().promptScore().orElseThrow();
  }

  /** Scores a prompt that leaves no room for another id. */
  private Score scoreFull(int[] ids) {
    checkRunning();
    if (System.nanoTime() - deadline >= 0) {
      throw ApiException.timeout();
    }
    return task.polyLm()
        .score(
            Arrays.copyOf(ids, 1),
            Arrays.copyOfRange(ids, 1, ids.length),
            task.logprobs().getAsInt());
  }

  private void finish(
      Task.SentPrompt prompt, @Nullable Score score, @Nullable GeneratedSequence sequence) {
    Choice choice = new Choice(choices.size(), prompt, score, sequence);
    choices.add(choice);
    if (!task.isLive()) {
      give(choice.index(), choice.text(task));
    }
    listener.finished(choice);
  }

  /** Returns the cost of all answers that were made. */
  Usage usage() {
    int promptTokens = task.prompts().stream().mapToInt(prompt -> prompt.ids().length).sum();
    return new Usage(promptTokens, Math.min(cachedTokens, promptTokens), completionTokens);
  }
}
