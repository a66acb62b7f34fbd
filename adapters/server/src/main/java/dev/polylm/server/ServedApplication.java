package dev.polylm.server;

import dev.polylm.jakarta.page.PageResource;
import dev.polylm.jakarta.rest.ApiClasses;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.HashSet;
import java.util.Set;

/** The resources of polylm-jakarta, and those that a server with MicroProfile would have itself. */
@ApplicationPath("/")
public class ServedApplication extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    Set<Class<?>> classes = new HashSet<>(ApiClasses.ALL);
    classes.addAll(
        Set.of(
            PageResource.class,
            HealthResource.class,
            MetricsResource.class,
            RootResource.class,
            BareFailures.class,
            FailureMapper.class));
    return classes;
  }
}
