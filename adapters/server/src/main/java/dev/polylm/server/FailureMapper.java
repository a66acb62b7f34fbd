package dev.polylm.server;

import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.rest.ApiResponses;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what nothing else has caught. RESTEasy would send its message to the client. */
@Provider
@ApplicationScoped
public class FailureMapper implements ExceptionMapper<Throwable> {
  private static final Logger LOG = LoggerFactory.getLogger(FailureMapper.class);

  @Override
  public Response toResponse(Throwable failure) {
    LOG.error("A request failed", failure);
    return ApiResponses.error(ApiException.internal());
  }
}
