package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * Answers a file of requests, one on each line, in order.
 *
 * <p>If a line can't be answered, {@code {"error": "..."}} takes the answer's place; this includes
 * an empty line. Each answer is flushed at once, so that the reader of a pipe sees it.
 */
final class JsonLines {
  private final LineAnswer answer;
  private final LineReader lines;
  private final OutputStream out;
  private int answered;
  private int failed;

  private JsonLines(LineAnswer answer, LineReader lines, OutputStream out) {
    this.answer = answer;
    this.lines = lines;
    this.out = out;
  }

  /**
   * Answers the requests.
   *
   * @return the exit status: 0, or 1 if a line could not be answered
   * @throws PolyLmException if a file can't be read or written, or both are the same
   */
  static int answer(JsonlOptions files, Streams streams, LineAnswer answer) {
    checkDifferent(files);
    try (InputStream in = openInput(files, streams);
        OutputStream out = openOutput(files, streams);
        Progress progress = Progress.of(streams, "Answering", inputBytes(files))) {
      JsonLines run = new JsonLines(answer, new LineReader(in), out);
      String next = run.next(files);
      while (next != null) {
        run.write(next, files);
        progress.show(run.lines.bytesRead(), run.answered + " lines");
        next = run.next(files);
      }
      return run.exitStatus();
    } catch (IOException e) {
      throw Sentences.unwritable(outputName(files), e);
    }
  }

  private int exitStatus() {
    return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** Returns the next line's answer, or null at the end. */
  private @Nullable String next(JsonlOptions files) {
    try {
      byte[] line = lines.next();
      return line == null ? null : answer.answer(JsonRequest.parse(line)).toString();
    } catch (PolyLmException e) {
      failed++;
      return JsonNodeFactory.instance.objectNode().put("error", e.getMessage()).toString();
    } catch (IOException e) {
      throw Sentences.unreadable(inputName(files), e);
    }
  }

  private void write(String line, JsonlOptions files) {
    try {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      answered++;
    } catch (IOException e) {
      throw Sentences.unwritable(outputName(files), e);
    }
  }

  private static String inputName(JsonlOptions files) {
    return isStandard(files.input) ? "standard input" : files.input;
  }

  private static String outputName(JsonlOptions files) {
    return isStandard(files.output) ? "standard output" : files.output;
  }

  private static boolean isStandard(String file) {
    return file.equals(JsonlOptions.STANDARD_STREAM);
  }

  /**
   * Opening the answers' file empties it, so the requests would be lost if it were the same file.
   */
  private static void checkDifferent(JsonlOptions files) {
    if (isStandard(files.input) || isStandard(files.output)) {
      return;
    }
    try {
      Path output = Path.of(files.output);
      if (Files.exists(output) && Files.isSameFile(Path.of(files.input), output)) {
        throw new PolyLmException(
            "%s: is both --jsonl and --output, expected two different files"
                .formatted(files.input));
      }
    } catch (IOException e) {
      throw Sentences.unreadable(inputName(files), e);
    }
  }

  private static InputStream openInput(JsonlOptions files, Streams streams) {
    try {
      return isStandard(files.input) ? streams.in() : Files.newInputStream(Path.of(files.input));
    } catch (IOException e) {
      throw Sentences.unreadable(inputName(files), e);
    }
  }

  private static OutputStream openOutput(JsonlOptions files, Streams streams) {
    try {
      return isStandard(files.output)
          ? streams.out()
          : Files.newOutputStream(Path.of(files.output));
    } catch (IOException e) {
      throw Sentences.unwritable(outputName(files), e);
    }
  }

  /** Returns the length of the requests' file, or -1 if it is not a file. */
  private static long inputBytes(JsonlOptions files) throws IOException {
    Path input = Path.of(files.input);
    return !isStandard(files.input) && Files.isRegularFile(input) ? Files.size(input) : -1;
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
