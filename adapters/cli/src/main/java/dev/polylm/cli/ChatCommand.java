package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds a conversation. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    abbreviateSynopsis = true,
    description = {
      "Holds a conversation, a message a line. /help lists what else can be typed.",
      "Ctrl-C ends a reply, Ctrl-D the conversation. From a file or a pipe, each line is a message."
    })
final class ChatCommand implements Callable<Integer> {
  private final Streams streams;
  private final GenerationOptions options = new GenerationOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      converter = Escapes.class,
      description = "Instructions that apply to the whole conversation.")
  private @Nullable String system;

  @Option(
      names = "--load",
      paramLabel = "FILE",
      description = "Continues a conversation that /save wrote.")
  private @Nullable Path load;

  @Mixin private RunOptions model = new RunOptions();

  private ChatCommand(Streams streams) {
    this.streams = streams;
  }

  static CommandLine commandLine(Streams streams) {
    ChatCommand command = new ChatCommand(streams);
    CommandLine commandLine = new CommandLine(command);
    command.options.addTo(commandLine.getCommandSpec());
    HelpSections.ofGeneration("--system", "--load").addTo(commandLine.getCommandSpec());
    return commandLine;
  }

  @Override
  public Integer call() {
    check();
    boolean interactive = streams.screen().input() && streams.screen().output();
    try (PolyLm polyLm = model.open(streams);
        ChatInput input = interactive ? new TerminalInput() : new PipedInput(streams)) {
      Conversation conversation = new Conversation(polyLm, options, system);
      if (load != null) {
        conversation.load(load);
      }
      if (interactive) {
        streams.say("%s. /help lists commands.".formatted(polyLm.manifest().name()));
      }
      int status = new ChatLoop(conversation, input, streams).run();
      return interactive ? ExitCodes.OK : status; // a person has seen what failed
    }
  }

  private void check() {
    if (system != null && load != null) {
      throw new ParameterException(
          spec.commandLine(), "--system and --load: a saved conversation has its own instructions");
    }
    try {
      GenerationConfig.fromJson(options.json());
    } catch (PolyLmException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
