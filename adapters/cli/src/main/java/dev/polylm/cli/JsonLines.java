package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers a file of requests, one on each line, in order.
 *
 * <p>If a line can't be answered, {@code {"error": "..."}} takes the answer's place; this includes
 * an empty line. Each answer is flushed at once, so that the reader of a pipe sees it. If the
 * thread is interrupted, the answer in work is not written.
 */
final class JsonLines {
  private final LineAnswer answer;
  private final LineFiles files;
  private final LineReader lines;
  private final OutputStream out;
  private int answered;
  private int failed;

  private JsonLines(LineAnswer answer, LineFiles files, InputStream in, OutputStream out) {
    this.answer = answer;
    this.files = files;
    this.lines = new LineReader(in);
    this.out = out;
  }

  /**
   * Answers the requests.
   *
   * @return the exit status: 0, or 1 if a line could not be answered
   * @throws PolyLmException if a file can't be read or written, or both are the same
   */
  static int answer(JsonlOptions options, Streams streams, LineAnswer answer) {
    LineFiles files = new LineFiles(options.input, options.output, streams);
    files.checkDifferent("--jsonl", "--output");
    try (InputStream in = files.openInput();
        OutputStream out = files.openOutput(false);
        Progress progress = Progress.ofItems(streams, "Answering", "lines", -1)) {
      return new JsonLines(answer, files, in, out).run(progress, files.inputBytes());
    } catch (IOException e) {
      throw Sentences.unwritable(files.outputName(), e);
    }
  }

  private int run(Progress progress, long bytes) {
    String next = next();
    while (next != null && !Thread.currentThread().isInterrupted()) {
      write(next);
      progress.show(answered, bytes > 0 ? (double) lines.bytesRead() / bytes : -1, "");
      next = next();
    }
    return failed == 0 ? ExitCodes.OK : ExitCodes.SOME_FAILED;
  }

  /** Returns the next line's answer, or null at the end. */
  private @Nullable String next() {
    try {
      byte[] line = lines.next();
      return line == null ? null : answer.answer(JsonRequest.parse(line)).toString();
    } catch (PolyLmException e) {
      failed++;
      return JsonNodeFactory.instance.objectNode().put("error", e.getMessage()).toString();
    } catch (IOException e) {
      throw Sentences.unreadable(files.inputName(), e);
    }
  }

  private void write(String line) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      answered++;
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  /** Answers the request on a line. */
  @FunctionalInterface
  interface LineAnswer {
    /**
     * Returns the answer's object.
     *
     * @throws dev.polylm.PolyLmException if the request can't be answered
     */
    ObjectNode answer(JsonRequest request);
  }
}
