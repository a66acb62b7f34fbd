package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Embedded GlassFish in a process of its own, which reads commands from its input. */
final class GlassFish implements WarServer {
  private final int port = ServerProcess.freePort();
  private final ServerProcess process;
  private final EndedRequests endedRequests;

  /**
   * Starts it.
   *
   * @param config of the application
   */
  GlassFish(Map<String, String> config) {
    Path recording = Folders.create("glassfish-recording-");
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.addAll(EndedRequests.javaOptions(recording));
    config.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-jar", Folders.of("glassfish").toString(), "--port=" + port));
    command.add("--prompt");
    process = new ServerProcess(Folders.create("glassfish-"), command, Map.of());
    deploy();
    endedRequests = EndedRequests.of(recording);
  }

  @Override
  public URI root() {
    return URI.create("http://127.0.0.1:" + port + "/jakarta-chat/");
  }

  @Override
  public EndedRequests endedRequests() {
    return endedRequests;
  }

  @Override
  public void undeploy() {
    run("undeploy jakarta-chat");
  }

  @Override
  public void deploy() {
    run("deploy --name=jakarta-chat --contextroot=jakarta-chat " + Folders.of("glassfish.war"));
  }

  private void run(String command) {
    process.type(command);
    String answer = process.awaitLine(line -> line.contains(": PlainTextActionReporter"));
    assertThat(answer).contains("SUCCESS: ");
  }

  @Override
  public void close() {
    endedRequests.close();
    process.close();
  }
}
