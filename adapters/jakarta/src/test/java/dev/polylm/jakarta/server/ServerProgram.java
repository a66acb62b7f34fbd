package dev.polylm.jakarta.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A server in a process of its own. It prints its address, and ends with its standard input. */
public final class ServerProgram {
  private ServerProgram() {}

  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try (JerseyServer server = new JerseyServer(Map.of())) {
      out.println(server.uri());
      while (System.in.read() >= 0) {
        // nothing is sent
      }
    }
    System.exit(0); // Grizzly's threads may live on
  }
}
