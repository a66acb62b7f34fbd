package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a prompt from a file or a stream. {@link Utf8#decodePrompt} says how its text is decoded.
 */
final class Prompts {
  private Prompts() {}

  static String fromFile(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return text(file.toString(), in);
    } catch (IOException e) {
      throw Sentences.unreadable(file.toString(), e);
    }
  }

  static String fromStandardInput(InputStream in) {
    try {
      return text("standard input", in);
    } catch (IOException e) {
      throw Sentences.unreadable("standard input", e);
    }
  }

  private static String text(String name, InputStream in) throws IOException {
    try {
      return Utf8.decodePrompt(in.readAllBytes());
    } catch (CharacterCodingException e) {
      throw new PolyLmException(name + ": is not UTF-8", e);
    }
  }
}
