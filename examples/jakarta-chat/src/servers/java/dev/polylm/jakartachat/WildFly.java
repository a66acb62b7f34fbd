package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** WildFly, as it is unpacked, with its configuration for MicroProfile. */
final class WildFly implements WarServer {
  private static final Path HOME = Folders.of("wildfly");
  private static final Path DEPLOYMENTS = HOME.resolve("standalone/deployments");
  private static final String WAR = "jakarta-chat.war";

  private final int port = ServerProcess.freePort();
  private final int managementPort = ServerProcess.freePort();
  private final ServerProcess process;
  private final EndedRequests endedRequests;

  /**
   * Starts it.
   *
   * @param config of the application
   */
  WildFly(Map<String, String> config) {
    prepare();
    Path recording = Folders.create("wildfly-recording-");
    process =
        new ServerProcess(
            HOME,
            command(config),
            Map.of("PREPEND_JAVA_OPTS", String.join(" ", EndedRequests.javaOptions(recording))));
    String started = process.awaitLine(line -> line.matches(".*WFLYSRV002[56].*"));
    assertThat(started).contains("WFLYSRV0025"); // 26: with errors
    endedRequests = EndedRequests.of(recording);
  }

  private List<String> command(Map<String, String> config) {
    List<String> command =
        new ArrayList<>(List.of("bin/standalone.sh", "-c", "standalone-microprofile.xml"));
    command.add("-Djboss.http.port=" + port);
    command.add("-Djboss.management.http.port=" + managementPort);
    command.add("-Djboss.https.port=" + ServerProcess.freePort());
    config.forEach((key, value) -> command.add("-D" + key + "=" + value));
    return command;
  }

  private static void prepare() {
    try {
      for (String marker : List.of("", ".deployed", ".undeployed", ".failed", ".dodeploy")) {
        Files.deleteIfExists(DEPLOYMENTS.resolve(WAR + marker)); // of a run before
      }
      Files.copy(Folders.of("war"), DEPLOYMENTS.resolve(WAR));
      Files.createFile(DEPLOYMENTS.resolve(WAR + ".dodeploy"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI root() {
    return URI.create("http://127.0.0.1:" + port + "/jakarta-chat/");
  }

  /** The folder of MicroProfile Health, with a slash at its end. */
  URI health() {
    return URI.create("http://127.0.0.1:" + managementPort + "/health/");
  }

  /** The process of the server's Java. */
  ProcessHandle java() {
    return process.java();
  }

  @Override
  public EndedRequests endedRequests() {
    return endedRequests;
  }

  @Override
  public void undeploy() {
    try {
      Files.delete(DEPLOYMENTS.resolve(WAR + ".deployed"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await(".undeployed");
  }

  @Override
  public void deploy() {
    try {
      Files.createFile(DEPLOYMENTS.resolve(WAR + ".dodeploy"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await(".deployed");
  }

  private static void await(String marker) {
    while (!Files.exists(DEPLOYMENTS.resolve(WAR + marker))) {
      assertThat(DEPLOYMENTS.resolve(WAR + ".failed")).doesNotExist();
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    endedRequests.close();
    process.close();
  }
}
