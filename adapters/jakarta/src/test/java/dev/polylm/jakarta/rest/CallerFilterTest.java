package dev.polylm.jakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A request that reaches a resource of the API, but whose caller nobody has checked. */
final class CallerFilterTest {
  private static List<Response> refusals(@Nullable Object caller) {
    List<Response> refusals = new ArrayList<>();
    ContainerRequestContext request =
        (ContainerRequestContext)
            Proxy.newProxyInstance(
                CallerFilterTest.class.getClassLoader(),
                new Class<?>[] {ContainerRequestContext.class},
                (self, method, arguments) -> {
                  if (method.getName().equals("abortWith")) {
                    refusals.add((Response) arguments[0]);
                  }
                  return AccessFilter.CALLER.equals(arguments[0]) ? caller : null;
                });
    new CallerFilter().filter(request);
    return refusals;
  }

  @Test
  void isRefused() {
    assertThat(refusals(null)).hasSize(1);
    assertThat(refusals(null).get(0).getStatus()).isEqualTo(404);
    assertThat(refusals(0)).isEmpty();
  }
}
