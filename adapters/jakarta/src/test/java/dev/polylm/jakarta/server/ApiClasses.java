package dev.polylm.jakarta.server;

import dev.polylm.jakarta.page.PageResource;
import java.util.HashSet;
import java.util.Set;

/** What a server finds by itself in a deployment. */
final class ApiClasses {
  static final Set<Class<?>> ALL = all();

  private ApiClasses() {}

  private static Set<Class<?>> all() {
    Set<Class<?>> classes = new HashSet<>(dev.polylm.jakarta.rest.ApiClasses.ALL);
    classes.add(PageResource.class);
    return classes;
  }
}
