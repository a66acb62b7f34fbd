package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.ApiException;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;

/** Who may call: those with a key, or without keys this machine only. */
@ApplicationScoped
public class Access {
  @Inject private PolyLmSettings settings;

  private ApiKeys keys = new ApiKeys(List.of());

  @PostConstruct
  void readKeys() {
    keys = new ApiKeys(settings.server().apiKeys());
  }

  /**
   * Returns who calls: a number for each key, and the same for all without keys.
   *
   * @throws ApiException if the caller may not
   */
  public int caller(HttpServletRequest request) {
    if (keys.isEmpty()) {
      Loopback.check(request);
      return 0;
    }
    return keys.find(request.getHeader(HttpHeaders.AUTHORIZATION));
  }
}
