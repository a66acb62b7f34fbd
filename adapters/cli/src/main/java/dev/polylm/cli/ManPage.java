package dev.polylm.cli;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A man page of a command, from its own help. */
final class ManPage {
  private ManPage() {}

  /** Returns the page in roff. */
  static String of(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String name = spec.qualifiedName("-");
    String[] description = spec.usageMessage().description();
    Help help = command.getHelp();
    StringBuilder page = new StringBuilder();
    page.append(".TH %s 1 \"\" \"PolyLM\"%n".formatted(name.toUpperCase(Locale.ROOT)));
    page.append(".SH NAME%n%s \\- %s%n".formatted(text(name), text(description[0])));
    page.append(".SH SYNOPSIS%n%s%n".formatted(text(help.synopsis(0).strip())));
    page.append(".SH DESCRIPTION%n".formatted());
    for (String paragraph : description) {
      page.append(".PP%n%s%n".formatted(text(paragraph)));
    }
    page.append(".SH OPTIONS%n".formatted());
    for (OptionSpec option : spec.options()) {
      String value = option.arity().min() > 0 ? " " + option.paramLabel() : "";
      page.append(
          ".TP%n\\fB%s\\fR%s%n%s%n"
              .formatted(
                  text(String.join(", ", option.names())),
                  text(value),
                  text(String.join(" ", option.description()))));
    }
    if (!command.getSubcommands().isEmpty()) {
      page.append(".SH COMMANDS%n".formatted());
      for (CommandLine subcommand : command.getSubcommands().values()) {
        page.append(
            ".TP%n\\fBpolylm\\-%s\\fR(1)%n%s%n"
                .formatted(
                    text(subcommand.getCommandName()),
                    text(subcommand.getCommandSpec().usageMessage().description()[0])));
      }
    }
    for (String paragraph : spec.usageMessage().footer()) {
      if (!paragraph.isEmpty()) {
        page.append(".PP%n%s%n".formatted(text(paragraph)));
      }
    }
    return page.toString();
  }

  /** Returns a text as roff shows it: no line begins with a dot, and backslashes are shown. */
  private static String text(String text) {
    String plain = text.replace("\\", "\\e").replace("-", "\\-").replaceAll("\\s+", " ");
    return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
  }
}
