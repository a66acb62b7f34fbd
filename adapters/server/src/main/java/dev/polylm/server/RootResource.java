package dev.polylm.server;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** Leads browsers from the server's address to the chat page. */
@Path("/")
@ApplicationScoped
public class RootResource {
  /** Returns where the page is. */
  @GET
  public Response page() {
    return Response.temporaryRedirect(URI.create("chat")).build();
  }
}
