package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The end of an application while a request runs. */
final class GracefulCloseTest {
  private static FinishReason endOfRequestOnClose(String timeout) {
    GenerationHandle[] started = new GenerationHandle[1];
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(LifecycleAutoConfiguration.class, PolyLmAutoConfiguration.class))
        .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=" + timeout)
        .run(
            context -> {
              CountDownLatch running = new CountDownLatch(1);
              started[0] =
                  context
                      .getBean(PolyLm.class)
                      .start(
                          GenerationRequest.ofPrompt("Rome")
                              .withConfig(
                                  GenerationConfig.builder()
                                      .maxNewTokens(480)
                                      .minNewTokens(480)
                                      .build())
                              .withTextListener(piece -> running.countDown()));
              running.await();
            });
    return started[0].result().sequences().get(0).finishReason();
  }

  @Test
  void theRequestIsAnswered() {
    assertThat(endOfRequestOnClose("60s")).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void theRequestIsEndedAfterTheTimeout() {
    assertThat(endOfRequestOnClose("1ms")).isEqualTo(FinishReason.CANCELLED);
  }
}
