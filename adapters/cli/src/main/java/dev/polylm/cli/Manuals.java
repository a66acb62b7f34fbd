package dev.polylm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes what a distribution has besides programs; the build runs it. */
public final class Manuals {
  private Manuals() {}

  /**
   * Writes completions for shells and man pages.
   *
   * @param args the folder to write to
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Streams streams =
        new Streams(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            Screen.NONE,
            Map.of());
    CommandLine polylm = PolyLmCommand.commandLine(streams);
    Path completions = Files.createDirectories(folder.resolve("completions"));
    Files.writeString(completions.resolve("polylm.bash"), AutoComplete.bash("polylm", polylm));
    Files.writeString(completions.resolve("_polylm"), Completions.zsh(polylm));
    Files.writeString(completions.resolve("polylm.fish"), Completions.fish(polylm));
    Path man = Files.createDirectories(folder.resolve("man").resolve("man1"));
    Files.writeString(man.resolve("polylm.1"), ManPage.of(polylm));
    for (CommandLine command : polylm.getSubcommands().values()) {
      Files.writeString(
          man.resolve("polylm-%s.1".formatted(command.getCommandName())), ManPage.of(command));
    }
  }
}
