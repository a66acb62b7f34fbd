package dev.polylm.jakarta.rest;

import jakarta.ws.rs.core.PathSegment;
import jakarta.ws.rs.core.UriInfo;

/** Which paths of an application are the API's; all others are left alone. */
final class ApiPaths {
  private static final String FIRST = "v1";

  private ApiPaths() {}

  static boolean isApi(UriInfo uri) {
    return uri.getPathSegments().stream()
        .map(PathSegment::getPath) // without matrix parameters, as a resource is chosen
        .filter(segment -> !segment.isEmpty())
        .findFirst()
        .filter(FIRST::equals)
        .isPresent();
  }
}
