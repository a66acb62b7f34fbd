package dev.polylm.jakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.jakarta.openai.Task;
import dev.polylm.jakarta.openai.TokenReader;
import dev.polylm.jakarta.server.Deployment;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A request whose answer can't be begun is no longer under way, whatever has happened. */
final class RequestsTest {
  private static Task failing(ObjectNode body) {
    throw new OutOfMemoryError("of this test");
  }

  private interface Answerer {
    Object answer(String method, Object[] arguments);
  }

  private static <T> T stub(Class<T> type, Answerer answerer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answerer.answer(method.getName(), arguments)));
  }

  private static Requests.Exchange exchange() {
    Map<Object, Object> attributes =
        Map.of(
            AccessFilter.CALLER,
            0,
            BodyFilter.BODY,
            JsonNodeFactory.instance.objectNode().put("prompt", "a b"),
            BodyFilter.MEMORY,
            new BodyMemory().share());
    return new Requests.Exchange(
        stub(HttpServletRequest.class, (method, arguments) -> attributes.get(arguments[0])),
        stub(HttpServletResponse.class, (method, arguments) -> null));
  }

  @Test
  void anAnswerLeavesNothingThatWaitsForItsTime() throws Exception {
    try (Deployment deployment = new Deployment(Map.of())) {
      deployment.get(Models.class).all().forEach(ServedModel::await);
      TokenReader tokens = deployment.get(TokenReader.class);
      Traffic traffic = deployment.get(Traffic.class);
      CompletableFuture<Integer> waitingAtTheEnd = new CompletableFuture<>();
      deployment
          .get(Requests.class)
          .call(
              exchange(),
              (body, caller) -> tokens.tokenize(body),
              stub(
                  AsyncResponse.class,
                  (method, arguments) ->
                      method.equals("resume")
                          && ((Response) arguments[0]).getStatus() == 200
                          && waitingAtTheEnd.complete(traffic.waitingActions())));
      assertThat(waitingAtTheEnd.get()).isZero();
    }
  }

  @Test
  void anErrorLeavesNothingUnderWay() {
    try (Deployment deployment = new Deployment(Map.of())) {
      Requests requests = deployment.get(Requests.class);
      Traffic traffic = deployment.get(Traffic.class);
      List<Object> resumed = new ArrayList<>();
      requests.answer(
          exchange(),
          RequestsTest::failing,
          stub(AsyncResponse.class, (method, arguments) -> resumed.add(arguments[0])));
      assertThat(resumed).hasSize(1);
      assertThat(((Response) resumed.get(0)).getStatus()).isEqualTo(500);
      assertThat(traffic.total()).isZero();
      assertThatThrownBy(
              () ->
                  requests.stream(
                      exchange(),
                      RequestsTest::failing,
                      stub(SseEventSink.class, (method, arguments) -> null),
                      stub(Sse.class, (method, arguments) -> null)))
          .isInstanceOf(WebApplicationException.class);
      assertThat(traffic.total()).isZero();
    }
  }
}
