package dev.polylm.jakarta.rest;

import java.util.Set;

/** The classes of the API, for a server that does not look for them itself. */
public final class ApiClasses {
  /** Its filters, its resources and its mapper of errors. */
  public static final Set<Class<?>> ALL =
      Set.of(
          CorsFilter.class,
          AccessFilter.class,
          HeaderFilter.class,
          BodyFilter.class,
          CallerFilter.class,
          ErrorMapper.class,
          ChatCompletionsResource.class,
          CompletionsResource.class,
          ModelsResource.class,
          ModelCallsResource.class,
          AdaptersResource.class,
          ResponsesResource.class,
          OpenApiResource.class,
          TokenizeResource.class,
          DetokenizeResource.class,
          TokenizerInfoResource.class);

  private ApiClasses() {}
}
