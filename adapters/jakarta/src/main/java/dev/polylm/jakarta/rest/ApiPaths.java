package dev.polylm.jakarta.rest;

import jakarta.ws.rs.core.PathSegment;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** Tells which paths of an application belong to the API. All others are left alone. */
final class ApiPaths {
  private static final Set<String> FIRST = Set.of("v1", "tokenize", "detokenize", "tokenizer_info");

  private ApiPaths() {}

  static boolean isApi(UriInfo uri) {
    return uri.getPathSegments().stream()
        .map(PathSegment::getPath) // without matrix parameters, just as a resource is chosen
        .filter(segment -> !segment.isEmpty())
        .findFirst()
        .filter(FIRST::contains)
        .isPresent();
  }
}
