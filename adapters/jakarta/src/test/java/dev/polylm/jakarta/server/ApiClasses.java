package dev.polylm.jakarta.server;

import dev.polylm.jakarta.page.PageResource;
import dev.polylm.jakarta.rest.AccessFilter;
import dev.polylm.jakarta.rest.BodyFilter;
import dev.polylm.jakarta.rest.CallerFilter;
import dev.polylm.jakarta.rest.ChatCompletionsResource;
import dev.polylm.jakarta.rest.CompletionsResource;
import dev.polylm.jakarta.rest.CorsFilter;
import dev.polylm.jakarta.rest.ErrorMapper;
import dev.polylm.jakarta.rest.ModelsResource;
import java.util.Set;

/** What a server finds by itself in a deployment. */
final class ApiClasses {
  static final Set<Class<?>> ALL =
      Set.of(
          CorsFilter.class,
          AccessFilter.class,
          BodyFilter.class,
          CallerFilter.class,
          ErrorMapper.class,
          ChatCompletionsResource.class,
          CompletionsResource.class,
          ModelsResource.class,
          PageResource.class);

  private ApiClasses() {}
}
