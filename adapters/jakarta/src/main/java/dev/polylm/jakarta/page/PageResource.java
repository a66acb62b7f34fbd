package dev.polylm.jakarta.page;

import dev.polylm.jakarta.config.PolyLmSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves the chat page beside the API. The page holds nothing secret and calls the API as any
 * client does, with a key if the server has keys. The browser may load nothing from elsewhere.
 */
@Path("chat")
@ApplicationScoped
public class PageResource {
  private static final String PAGE = "index.html";
  private static final Set<String> SCRIPTS =
      Set.of(
          "page.js",
          "api.js",
          "chat.js",
          "dom.js",
          "languages.js",
          "markdown.js",
          "store.js",
          "translation.js");

  @Inject private PolyLmSettings settings;

  /** Serves the page. Its links are relative to its folder, so a slash at the end is removed. */
  @GET
  public Response page(@Context UriInfo uri) {
    boolean slash = uri.getPath().endsWith("/") && settings.server().enabled();
    return slash ? Response.seeOther(URI.create("chat")).build() : file(PAGE);
  }

  /** Serves the page's files. */
  @GET
  @Path("{name}")
  public Response file(@PathParam("name") String name) {
    String type = type(name);
    if (type == null || !settings.server().enabled()) {
      throw new NotFoundException();
    }
    return Response.ok(read(name))
        .header(HttpHeaders.CONTENT_TYPE, type)
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header("X-Content-Type-Options", "nosniff")
        .header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .build();
  }

  private static @Nullable String type(String name) {
    return switch (name) {
      case PAGE -> "text/html; charset=utf-8";
      case "page.css", "turns.css" -> "text/css; charset=utf-8";
      default -> SCRIPTS.contains(name) ? "text/javascript; charset=utf-8" : null;
    };
  }

  private static byte[] read(String name) {
    try (InputStream file = PageResource.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
