package dev.polylm.jakarta;

import dev.polylm.jakarta.server.ResteasyServer;
import dev.polylm.jakarta.server.TestServer;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("resteasy")
final class AdaptersOnResteasyTest extends AdaptersContract {
  @Override
  TestServer start(Map<String, String> config) {
    return new ResteasyServer(config);
  }
}
