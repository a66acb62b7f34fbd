package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lines that a person types, with editing, a history of this conversation, and completion of
 * commands and settings.
 */
final class TerminalInput implements ChatInput {
  private final Terminal terminal;
  private final LineReader reader;

  TerminalInput() {
    try {
      terminal = TerminalBuilder.builder().system(true).encoding(StandardCharsets.UTF_8).build();
    } catch (IOException e) {
      throw new PolyLmException("the terminal can't be used: " + e.getMessage(), e);
    }
    DefaultParser parser = new DefaultParser();
    parser.setEscapeChars(new char[0]);
    parser.setQuoteChars(new char[0]);
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .completer((lineReader, line, candidates) -> complete(line, candidates))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  private static void complete(ParsedLine line, List<Candidate> candidates) {
    if (line.wordIndex() == 0 && line.line().startsWith("/")) {
      ChatLoop.COMMANDS.keySet().forEach(name -> candidates.add(new Candidate(name)));
    } else if (line.wordIndex() == 1 && line.words().get(0).equals("/set")) {
      for (GenerationSetting setting : GenerationConfig.settings()) {
        candidates.add(new Candidate(setting.name()));
      }
    }
  }

  @Override
  public @Nullable String next(String prompt) {
    while (true) {
      try {
        return reader.readLine(prompt);
      } catch (UserInterruptException e) {
        // Ctrl-C takes back what was typed.
      } catch (EndOfFileException e) {
        return null;
      }
    }
  }

  @Override
  public void interruptibly(Runnable work) {
    Thread worker = Thread.currentThread();
    Terminal.SignalHandler before =
        terminal.handle(Terminal.Signal.INT, signal -> worker.interrupt());
    try {
      work.run();
    } finally {
      terminal.handle(Terminal.Signal.INT, before);
      Thread.interrupted();
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new PolyLmException("the terminal can't be closed: " + e.getMessage(), e);
    }
  }
}
