package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.UriInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** That the tests beside this one run on Jakarta EE 11: it has what EE 10 has not. */
@Tag("ee11")
final class Ee11Test {
  @Test
  void theApisAreThoseOfEe11() throws ReflectiveOperationException {
    assertThat(Class.forName("jakarta.enterprise.invoke.Invoker")).isInterface();
    assertThat(UriInfo.class.getMethod("getMatchedResourceTemplate").getReturnType())
        .isEqualTo(String.class);
    assertThat(HttpServletResponse.class.getMethod("sendRedirect", String.class, boolean.class))
        .isNotNull();
  }
}
