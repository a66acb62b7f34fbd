package dev.polylm.cli;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines ahead, so that the model has several at once, and writes the translations in the
 * order of the lines. A translation is written whole with its line break, so a file that ends
 * without one ends with a part of a line.
 */
final class TranslationRun {
  /** Four times the rows of a step, so that new lines are there when some end. */
  private static final int LINES_AHEAD = 64;

  private final LineFiles files;
  private final Streams streams;
  private final LineTranslator translator;
  private final long doneBefore;
  private final Deque<LineTranslator.Pending> pending = new ArrayDeque<>();
  private long written;
  private long failed;

  /**
   * @param doneBefore how many lines the output has already
   */
  TranslationRun(LineFiles files, Streams streams, LineTranslator translator, long doneBefore) {
    this.files = files;
    this.streams = streams;
    this.translator = translator;
    this.doneBefore = doneBefore;
  }

  /** Translates the rest, and returns the exit status. */
  int run(boolean append) throws IOException {
    long start = System.nanoTime();
    long lines = files.countLines();
    try (InputStream in = files.openInput()) {
      LineReader reader = new LineReader(in);
      skip(reader);
      try (OutputStream out = files.openOutput(append);
          Progress progress =
              Progress.ofItems(
                  streams, "Translating", "lines", lines < 0 ? -1 : lines - doneBefore)) {
        translate(reader, out, progress);
      }
    } finally {
      pending.forEach(LineTranslator.Pending::cancel);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    streams.say(
        String.format(
            Locale.ROOT,
            "Translated %d %s in %s (%.1f lines/s)%s.",
            written - failed,
            written - failed == 1 ? "line" : "lines",
            Figures.clock(Duration.ofNanos((long) (seconds * 1e9))),
            written / seconds,
            failed == 0 ? "" : ", %s failed".formatted(failed)));
    return failed == 0 ? ExitCodes.OK : ExitCodes.SOME_FAILED;
  }

  private void skip(LineReader reader) throws IOException {
    for (long line = 0; line < doneBefore; line++) {
      if (!reader.skip()) {
        throw CommandException.failed(
            "%s has %s lines, more than the %s of %s"
                .formatted(files.outputName(), doneBefore, line, files.inputName()),
            "--resume needs the input that the output was made of.");
      }
    }
  }

  private void translate(LineReader reader, OutputStream out, Progress progress) {
    boolean more = true;
    while (!Thread.currentThread().isInterrupted()) {
      while (more && pending.size() < LINES_AHEAD) {
        LineTranslator.Pending next = next(reader);
        more = next != null;
        if (next != null) {
          pending.add(next);
        }
      }
      LineTranslator.Pending head = pending.poll();
      if (head == null) {
        return;
      }
      write(head, out);
      progress.show(written, "");
    }
  }

  private LineTranslator.@Nullable Pending next(LineReader reader) {
    try {
      byte[] line = reader.next();
      return line == null ? null : translator.start(line);
    } catch (PolyLmException e) {
      return translator.failed(e);
    } catch (IOException e) {
      throw Sentences.unreadable(files.inputName(), e);
    }
  }

  private void write(LineTranslator.Pending head, OutputStream out) {
    String line;
    try {
      line = head.line();
    } catch (PolyLmException e) {
      failed++;
      line = head.failed(e);
      streams.say(
          "Line %s of %s: %s"
              .formatted(doneBefore + written + 1, files.inputName(), e.getMessage()));
    }
    if (Thread.currentThread().isInterrupted()) {
      return; // the translation may lack its end
    }
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      written++;
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }
}
