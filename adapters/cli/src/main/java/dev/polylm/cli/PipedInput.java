package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Lines from a file or a pipe. */
final class PipedInput implements ChatInput {
  private static final String NAME = "standard input";

  private final LineReader lines;

  PipedInput(Streams streams) {
    this.lines = new LineReader(streams.in());
  }

  @Override
  public @Nullable String next(String prompt) {
    try {
      byte[] line = lines.next();
      return line == null ? null : Utf8.decode(line).stripTrailing();
    } catch (CharacterCodingException e) {
      throw new PolyLmException(NAME + ": is not UTF-8", e);
    } catch (IOException e) {
      throw Sentences.unreadable(NAME, e);
    }
  }

  @Override
  public void interruptibly(Runnable work) {
    work.run();
  }

  @Override
  public void close() {}
}
