package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.Timings;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Meters in Micrometer's global registry under the names and with the buckets of OpenTelemetry's
 * semantic conventions for generative AI. Nothing is recorded unless Micrometer is on the class
 * path.
 */
final class GenAiMeters {
  private static final boolean MICROMETER = isPresent("io.micrometer.core.instrument.Metrics");

  private GenAiMeters() {}

  private static boolean isPresent(String name) {
    try {
      Class.forName(name, false, GenAiMeters.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Records an answer of a task. */
  static void answered(Task task, GenerationResult result) {
    if (MICROMETER) {
      Recorder.record(task, result);
    }
  }

  /** Only this class uses Micrometer's. */
  private static final class Recorder {
    private static final Duration[] FIRST_TOKEN =
        seconds(.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10);
    private static final Duration[] PER_TOKEN =
        seconds(.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5);
    private static final double[] TOKENS =
        LongStream.iterate(1, n -> n <= 1 << 26, n -> n * 4).asDoubleStream().toArray();

    private static Duration[] seconds(double... values) {
      return DoubleStream.of(values)
          .mapToObj(value -> Duration.ofNanos(Math.round(value * 1e9)))
          .toArray(Duration[]::new);
    }

    static void record(Task task, GenerationResult result) {
      String model = task.model().meterId();
      Tags tags =
          Tags.of(
              "gen_ai.operation.name",
              task.chat() ? "chat" : "text_completion",
              "gen_ai.provider.name",
              "polylm",
              "gen_ai.request.model",
              model,
              "gen_ai.response.model",
              model);
      Timings timings = result.timings();
      if (result.newTokens() > 0) {
        time("gen_ai.server.time_to_first_token", FIRST_TOKEN, tags, timings.firstToken());
      }
      if (timings.steps() > 0) {
        time("gen_ai.server.time_per_output_token", PER_TOKEN, tags, timings.perStep());
      }
      count(tags.and("gen_ai.token.type", "input"), result.promptTokens());
      count(tags.and("gen_ai.token.type", "output"), result.newTokens());
    }

    private static void time(String name, Duration[] buckets, Tags tags, Duration time) {
      Timer.builder(name)
          .tags(tags)
          .serviceLevelObjectives(buckets)
          .register(Metrics.globalRegistry)
          .record(time);
    }

    private static void count(Tags tags, int tokens) {
      DistributionSummary.builder("gen_ai.client.token.usage")
          .tags(tags)
          .serviceLevelObjectives(TOKENS)
          .register(Metrics.globalRegistry)
          .record(tokens);
    }
  }
}
