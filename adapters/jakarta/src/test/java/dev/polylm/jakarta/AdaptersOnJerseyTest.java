package dev.polylm.jakarta;

import dev.polylm.jakarta.server.JerseyServer;
import dev.polylm.jakarta.server.TestServer;
import java.util.Map;

final class AdaptersOnJerseyTest extends AdaptersContract {
  @Override
  TestServer start(Map<String, String> config) {
    return new JerseyServer(config);
  }
}
