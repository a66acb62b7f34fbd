package dev.polylm.jakarta.rest;

import jakarta.ws.rs.core.UriInfo;

/** Which paths of an application are the API's; all others are left alone. */
final class ApiPaths {
  private static final String PREFIX = "v1/";

  private ApiPaths() {}

  static boolean isApi(UriInfo uri) {
    String path = uri.getPath();
    return path.startsWith(PREFIX) || path.startsWith("/" + PREFIX);
  }
}
