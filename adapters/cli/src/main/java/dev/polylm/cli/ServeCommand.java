package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.jakarta.config.ServerSettings;
import dev.polylm.server.PolyLmServer;
import dev.polylm.server.WrongSettingsException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves models until a signal stops it. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Serves models to OpenAI clients, and a chat page to browsers.",
      "SIGTERM or Ctrl-C stops the server once the answers in progress have ended; a second one"
          + " stops it at once.",
      "Exit status: 0 if all answers have ended; 1 if some were cut, or the address or the device"
          + " can't be used; 2 if the settings are wrong; 3 if a model can't be used."
    })
final class ServeCommand implements Callable<Integer> {
  private static final String LOGGING = "org.jboss.logging.provider";
  private static final List<String> SIGNALS = List.of("TERM", "INT");

  private final Streams streams;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ServeOptions options = new ServeOptions();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "The name or address to listen on, 127.0.0.1 by default. Others than this machine's own"
              + " need API keys.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "The port, 8080 by default; 0: any free one.")
  private int port;

  @Option(
      names = "--drain-seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long answers in progress may take at the end, 30 by default.")
  private int drainSeconds;

  private final CountDownLatch stopped = new CountDownLatch(1);

  ServeCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65535) {
      throw usageError("--port is %s, must be 0 to 65535".formatted(port));
    }
    if (drainSeconds < 0) {
      throw usageError("--drain-seconds is %s, must be at least 0".formatted(drainSeconds));
    }
    System.setProperty(LOGGING, "slf4j");
    try (PolyLmServer server = start()) {
      List<String> models = awaitModels(server);
      SIGNALS.forEach(name -> Signals.register(name, this::stop));
      sayWhatIsServed(server, models);
      server.warnings().forEach(warning -> streams.say("Warning: " + warning));
      stopped.await();
      streams.say("Stopping; answers in progress have %s s.".formatted(drainSeconds));
      if (server.drain(Duration.ofSeconds(drainSeconds))) {
        return ExitCodes.OK;
      }
      streams.say("Some answers have not ended; they are cut.");
      return ExitCodes.SOME_FAILED;
    }
  }

  private PolyLmServer start() {
    ModelHome home = ModelHome.of(streams.environment());
    try {
      return PolyLmServer.start(host, port, options.values(spec.commandLine(), home));
    } catch (WrongSettingsException e) {
      throw usageError(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usageError(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private List<String> awaitModels(PolyLmServer server) {
    try {
      return server.awaitModels();
    } catch (PolyLmException e) {
      throw ModelHome.of(streams.environment()).unusableModel(e);
    }
  }

  /** The first signal lets answers end, the second cuts them. */
  private void stop() {
    if (stopped.getCount() == 0) {
      System.exit(ExitCodes.SOME_FAILED);
    }
    stopped.countDown();
  }

  private void sayWhatIsServed(PolyLmServer server, List<String> models) {
    ServerSettings limits = server.settings().server();
    streams.say("PolyLM serves %s".formatted(String.join(", ", models)));
    streams.say("  API    %sv1".formatted(server.uri()));
    streams.say("  chat   %schat".formatted(server.uri()));
    streams.say(
        "  keys   %s"
            .formatted(
                limits.apiKeys().isEmpty()
                    ? "none: this machine only"
                    : Integer.toString(limits.apiKeys().size())));
    streams.say(
        "  limits %s requests at a time, %s new tokens and %s s a request, %s rows a step"
            .formatted(
                limits.maxRequests(),
                limits.maxTokens(),
                limits.requestTime().toSeconds(),
                server.settings().models().get(0).options().maxRows()));
  }
}
