package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.chat.ChatReply;
import dev.polylm.generation.FinishReason;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** Reads messages and commands, and prints replies. */
final class ChatLoop {
  /** What can be typed besides messages. */
  static final Map<String, String> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("/help", "lists these commands");
    COMMANDS.put("/reset", "begins anew, with the same instructions");
    COMMANDS.put("/system", "[TEXT] shows the instructions, or begins anew with others");
    COMMANDS.put("/set", "[NAME [VALUE]] shows the settings, or sets one: /set temperature 0.7");
    COMMANDS.put("/undo", "takes the last turn back");
    COMMANDS.put("/retry", "asks for the last reply again");
    COMMANDS.put("/multiline", "lets messages go on until an empty line, or no longer");
    COMMANDS.put("/save", "FILE saves the conversation");
    COMMANDS.put("/load", "FILE continues a saved conversation");
    COMMANDS.put("/quit", "ends, as Ctrl-D does");
  }

  private final Conversation conversation;
  private final ChatInput input;
  private final Streams streams;
  private boolean multiline;
  private boolean failed;

  ChatLoop(Conversation conversation, ChatInput input, Streams streams) {
    this.conversation = conversation;
    this.input = input;
    this.streams = streams;
  }

  /** Runs until the end of the input, and returns the exit status. */
  int run() {
    String line = input.next("> ");
    while (line != null && !line.strip().equals("/quit")) {
      try {
        accept(line);
      } catch (PolyLmException | TypeConversionException e) {
        failed = true;
        streams.sayError(String.valueOf(e.getMessage()), "");
      }
      line = Thread.currentThread().isInterrupted() ? null : input.next("> ");
    }
    return failed ? ExitCodes.SOME_FAILED : ExitCodes.OK;
  }

  private void accept(String line) {
    if (line.startsWith("/")) {
      String[] words = line.strip().split("\\s+", 2);
      command(words[0], words.length > 1 ? words[1] : "");
    } else if (!line.isBlank()) {
      send(multiline ? withMoreLines(line) : line);
    }
  }

  private String withMoreLines(String first) {
    StringBuilder message = new StringBuilder(first);
    String line = input.next(". ");
    while (line != null && !line.isEmpty()) {
      message.append('\n').append(line);
      line = input.next(". ");
    }
    return message.toString();
  }

  private void send(String message) {
    AnswerPrinter printer = new AnswerPrinter(streams);
    input.interruptibly(
        () -> {
          Optional<ChatReply> reply = conversation.send(message, printer::print);
          reply.ifPresent(made -> said(made, printer));
          if (reply.isEmpty()) {
            streams.say("The reply is empty.");
          }
        });
  }

  private void said(ChatReply reply, AnswerPrinter printer) {
    printer.end(reply.result().sequences().get(0));
    if (!reply.dropped().isEmpty()) {
      streams.say(
          "%s old messages no longer fit into the context.".formatted(reply.dropped().size()));
    }
    if (reply.finishReason() != FinishReason.CANCELLED) {
      streams.sayIfVerbose(Figures.of(reply.result()));
    }
  }

  private void command(String name, String argument) {
    switch (name) {
      case "/help" -> COMMANDS.forEach((command, what) -> streams.say(command + " " + what));
      case "/reset" -> {
        conversation.reset();
        streams.say("The conversation begins anew.");
      }
      case "/system" -> system(argument);
      case "/set" -> set(argument);
      case "/undo" -> streams.say("Taken back: " + conversation.undo());
      case "/retry" -> send(conversation.undo());
      case "/multiline" -> {
        multiline = !multiline;
        streams.say(
            multiline ? "A message ends with an empty line." : "A message is a single line.");
      }
      case "/save" -> {
        conversation.save(file(name, argument));
        streams.say("Saved to " + argument + ".");
      }
      case "/load" -> {
        conversation.load(file(name, argument));
        streams.say("Loaded " + argument + ".");
      }
      default -> throw new PolyLmException("%s is no command; /help lists them".formatted(name));
    }
  }

  private void system(String text) {
    if (text.isEmpty()) {
      streams.say(conversation.system().orElse("There are no instructions."));
    } else {
      conversation.begin(text);
      streams.say("The conversation begins anew, with these instructions.");
    }
  }

  private void set(String argument) {
    String[] words = argument.split("\\s+", 2);
    if (words.length == 2) {
      conversation.set(words[0], words[1]);
    } else if (!argument.isEmpty()) {
      conversation.unset(words[0]);
    }
    streams.say("Settings: " + conversation.settings());
  }

  private static Path file(String command, @Nullable String argument) {
    if (argument == null || argument.isEmpty()) {
      throw new PolyLmException(command + " needs the name of a file");
    }
    return Path.of(argument);
  }
}
