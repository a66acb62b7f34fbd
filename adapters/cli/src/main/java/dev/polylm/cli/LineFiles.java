package dev.polylm.cli;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.polylm.PolyLmException;
import java.io.BufferedInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines to read and a file of lines to write. {@code -} stands for standard input and
 * standard output.
 */
final class LineFiles {
  static final String STANDARD_STREAM = "-";

  private static final int BUFFER_BYTES = 1 << 16;

  private final String input;
  private final String output;
  private final Streams streams;

  LineFiles(String input, String output, Streams streams) {
    this.input = input;
    this.output = output;
    this.streams = streams;
  }

  String inputName() {
    return isStandard(input) ? "standard input" : input;
  }

  String outputName() {
    return isStandard(output) ? "standard output" : output;
  }

  private static boolean isStandard(String file) {
    return file.equals(STANDARD_STREAM);
  }

  /**
   * Opening the answers' file empties it, so the requests would be lost if it were the same file.
   *
   * @param inputOption the option that names the input, for the message
   * @param outputOption the option that names the output
   */
  void checkDifferent(String inputOption, String outputOption) {
    if (isStandard(input) || isStandard(output)) {
      return;
    }
    try {
      Path out = Path.of(output);
      if (Files.exists(out) && Files.isSameFile(Path.of(input), out)) {
        throw new PolyLmException(
            "%s: is both %s and %s, expected two different files"
                .formatted(input, inputOption, outputOption));
      }
    } catch (IOException e) {
      throw Sentences.unreadable(inputName(), e);
    }
  }

  InputStream openInput() {
    try {
      return isStandard(input) ? streams.in() : Files.newInputStream(Path.of(input));
    } catch (IOException e) {
      throw Sentences.unreadable(inputName(), e);
    }
  }

  /**
   * Opens the output. Its stream is not one of a channel, which would refuse to write after Ctrl-C.
   *
   * @param append whether what the file holds stays
   */
  OutputStream openOutput(boolean append) {
    if (isStandard(output)) {
      return streams.out();
    }
    try {
      // This one's exceptions say what is wrong with the path.
      Files.newOutputStream(
              Path.of(output),
              CREATE,
              WRITE,
              append ? StandardOpenOption.APPEND : TRUNCATE_EXISTING)
          .close();
      return new FileOutputStream(output, true);
    } catch (IOException e) {
      throw Sentences.unwritable(outputName(), e);
    }
  }

  /**
   * Checks that no file would be replaced.
   *
   * @throws CommandException if the output exists and is not empty
   */
  void checkNew() throws IOException {
    Path path = Path.of(output);
    if (!isStandard(output) && Files.isRegularFile(path) && Files.size(path) > 0) {
      throw CommandException.failed(
          output + ": exists, and would be replaced",
          "--resume continues it, --force replaces it.");
    }
  }

  /** Cuts a part of a line from the output's end, and returns how many whole lines it has. */
  long keepWholeLines() throws IOException {
    Path path = Path.of(output);
    if (!Files.exists(path)) {
      return 0;
    }
    long lines = 0;
    long bytes = 0;
    long wholeBytes = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES)) {
      for (int value = in.read(); value >= 0; value = in.read()) {
        bytes++;
        if (value == '\n') {
          lines++;
          wholeBytes = bytes;
        }
      }
    }
    try (FileChannel channel = FileChannel.open(path, WRITE)) {
      channel.truncate(wholeBytes);
    }
    return lines;
  }

  /** Returns how many lines the input has, or -1 if it is not a file. */
  long countLines() throws IOException {
    if (inputBytes() < 0) {
      return -1;
    }
    try (InputStream in = openInput()) {
      LineReader reader = new LineReader(in);
      long lines = 0;
      while (reader.skip()) {
        lines++;
      }
      return lines;
    }
  }

  /** Describes a failure to write the output. */
  RuntimeException unwritable(IOException e) {
    return isStandard(output)
        ? ReaderGoneException.orUnwritable(outputName(), e)
        : Sentences.unwritable(outputName(), e);
  }

  /** Returns the length of the input, or -1 if it is not a file. */
  long inputBytes() throws IOException {
    Path path = Path.of(input);
    return !isStandard(input) && Files.isRegularFile(path) ? Files.size(path) : -1;
  }
}
