package dev.polylm.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completion scripts for zsh and fish, from the commands' own options; picocli has bash's. */
final class Completions {
  private Completions() {}

  /** Returns a script for a folder of zsh's {@code fpath}. */
  static String zsh(CommandLine polylm) {
    StringBuilder names = new StringBuilder();
    StringBuilder cases = new StringBuilder();
    for (CommandLine command : polylm.getSubcommands().values()) {
      String name = command.getCommandName();
      names.append("    '%s:%s'%n".formatted(name, quoted(description(command))));
      cases.append("    %s) _arguments".formatted(name));
      for (OptionSpec option : command.getCommandSpec().options()) {
        cases.append(
            " \\%n      '%s[%s]%s'"
                .formatted(
                    option.longestName(),
                    quoted(description(option)).replaceAll("[\\[\\]:]", " "),
                    takesValue(option) ? ":" + quoted(option.paramLabel()) + ":_files" : ""));
      }
      cases.append(" \\%n      '*:file:_files' ;;%n".formatted());
    }
    return """
    #compdef polylm
    local -a commands
    commands=(
    %s)
    if (( CURRENT == 2 )); then
      _describe command commands
    else
      local command=$words[2]
      shift words
      (( CURRENT-- ))
      case $command in
    %s  esac
    fi
    """
        .formatted(names, cases);
  }

  /** Returns a script for fish's folder of completions. */
  static String fish(CommandLine polylm) {
    StringBuilder script = new StringBuilder();
    for (CommandLine command : polylm.getSubcommands().values()) {
      script.append(
          "complete -c polylm -n __fish_use_subcommand -f -a %s -d '%s'%n"
              .formatted(command.getCommandName(), quoted(description(command))));
      for (OptionSpec option : command.getCommandSpec().options()) {
        script.append(
            "complete -c polylm -n '__fish_seen_subcommand_from %s' -l %s%s -d '%s'%n"
                .formatted(
                    command.getCommandName(),
                    option.longestName().substring(2),
                    takesValue(option) ? " -r" : "",
                    quoted(description(option))));
      }
    }
    return script.toString();
  }

  private static boolean takesValue(OptionSpec option) {
    return option.arity().min() > 0;
  }

  private static String description(CommandLine command) {
    String[] lines = command.getCommandSpec().usageMessage().description();
    return firstSentence(lines.length == 0 ? "" : lines[0]);
  }

  private static String description(OptionSpec option) {
    String[] lines = option.description();
    return firstSentence(lines.length == 0 ? "" : lines[0]);
  }

  private static String firstSentence(String text) {
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }

  private static String quoted(String text) {
    return text.replace("'", "'\\''");
  }
}
