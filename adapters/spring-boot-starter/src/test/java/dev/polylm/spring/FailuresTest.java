package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

/** A start that fails says why, and what to do. */
@ExtendWith(OutputCaptureExtension.class)
final class FailuresTest {
  @EnableAutoConfiguration
  static class Application {}

  private static void start(String... properties) {
    SpringApplication application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.run(
        Arrays.stream(properties).map(property -> "--" + property).toArray(String[]::new));
  }

  @Test
  void aWrongPath(@TempDir Path empty, CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.model.path=" + empty))
        .hasRootCauseMessage(
            "%s: has no manifest.json; expected a folder that polylm export wrote", empty);
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The model of polylm.model.path can't be opened: " + empty)
        .contains("Set polylm.model.path to a folder that 'polylm export' wrote.")
        .doesNotContain("\tat ");
  }

  @Test
  void aWrongPathOfAModelWithAName(CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.models.small.model.path=/nowhere"))
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("The model of polylm.models.small.model.path can't be opened: /nowhere")
        .contains("Set polylm.models.small.model.path to a folder");
  }

  /** What properties are wrong, and what the log says of them. */
  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("polylm.generation.top-p=3", "polylm.generation.top-p is 3.0, must be from 0"),
        Arguments.of(
            "polylm.generation.maxNewTokens=0",
            "polylm.generation.max-new-tokens is 0, must be at least 1"),
        Arguments.of(
            "polylm.generation.top-q=3",
            "polylm.generation.top-q is not a generation setting, nearest: "),
        Arguments.of(
            "polylm.generation.num-return-sequences=3",
            "polylm.generation.* can't be used: num_return_sequences is 3, must be 1 if"),
        Arguments.of("polylm.max-rows=0", "polylm.max-rows is 0, must be at least 1"),
        Arguments.of("polylm.queue=0", "polylm.queue is 0, must be at least 1"),
        Arguments.of(
            "polylm.models.small.prompt-chunk=513",
            "polylm.models.small.prompt-chunk is 513, must be at most 512"),
        Arguments.of("polylm.device=tpu", "polylm.device is \"tpu\", must be cpu, cuda, cuda:N,"),
        Arguments.of(
            "polylm.device=cuda", "polylm.device is cuda:0, but this ONNX Runtime has only"),
        Arguments.of(
            "polylm.gpu-memory-limit=1KB",
            "polylm.gpu-memory-limit is 1024, must be 0 if device is cpu"),
        Arguments.of(
            "polylm.provider-options[use_tf32]=0", "polylm.provider-options has use_tf32, must be"),
        Arguments.of(
            "polylm.key-value-bytes=20", "polylm.key-value-bytes is 20, must be 0 or at least "),
        Arguments.of(
            "polylm.draft=/nowhere",
            "polylm.draft can't be used: /nowhere: is not a folder; expected an exported model"),
        Arguments.of("polylm.draft=", "polylm.draft is empty, must be a path"),
        Arguments.of("polylm.model.path=", "polylm.model.path is empty, must be a path"),
        Arguments.of("polylm.model.path=~/models", "; only a shell replaces ~ by the home folder"),
        Arguments.of(
            "polylm.adapters.legal=/nowhere.adapter", "polylm.adapters.legal can't be used: "),
        Arguments.of("polylm.modell.path=/x", "nearest: polylm.model.path"),
        Arguments.of("polylm.modell.path=/x", "polylm.modell.path is not a property of PolyLM"),
        Arguments.of(
            "polylm.models.small.thread=2",
            "polylm.models.small.thread is not a property of PolyLM, nearest: polylm.models.small.threads"),
        Arguments.of("polylm.unheard=1", "There are: polylm.model.path, polylm.device, "),
        Arguments.of(
            "polylm=/x", "polylm is /x, must be followed by a key: polylm.model.path=FOLDER"),
        Arguments.of(
            "polylm.model=/x",
            "polylm.model is /x, must be followed by a key: polylm.model.path=FOLDER"),
        Arguments.of(
            "polylm.models=/x",
            "polylm.models is /x, must be followed by a key: polylm.models.NAME.model.path=FOLDER"),
        Arguments.of(
            "polylm.models.small=/x",
            "must be followed by a key: polylm.models.small.model.path=FOLDER"),
        Arguments.of(
            "polylm.generation=5",
            "polylm.generation is 5, must be followed by a key: polylm.generation.max-new-tokens="),
        Arguments.of("polylm.adapters=/x", "must be followed by a key: polylm.adapters.NAME=FILE"),
        Arguments.of("polylm.provider-options=1", "key: polylm.provider-options[NAME]=VALUE"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void theFaultIsNamedAsThePropertyIs(String property, String sentence, CapturedOutput output) {
    assertThatThrownBy(() -> start(property)).isInstanceOf(Exception.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains(sentence)
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "prefix-reuse", "lazy", "models.a.lazy"})
  void aValueOfAnotherTypeIsNamed(String key, CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm." + key + "=maybe")).isInstanceOf(Exception.class);
    assertThat(output)
        .contains("Property: polylm." + key)
        .contains("Value: \"maybe\"")
        .doesNotContain("NamedBeans");
  }

  @Test
  void aSystemPropertyIsCheckedToo(CapturedOutput output) {
    System.setProperty("polylm.thraeds", "1");
    try {
      assertThatThrownBy(FailuresTest::start).isInstanceOf(Exception.class);
    } finally {
      System.clearProperty("polylm.thraeds");
    }
    assertThat(output).contains("polylm.thraeds is not a property of PolyLM, nearest: ");
  }

  @Test
  void aCustomizersFaultIsNotAPropertys(CapturedOutput output) {
    assertThatThrownBy(
            () ->
                new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .initializers(
                        context ->
                            ((GenericApplicationContext) context)
                                .registerBean(
                                    PolyLmOptionsCustomizer.class,
                                    () -> (name, options) -> options.maxRows(0)))
                    .run())
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("A PolyLmOptionsCustomizer made options that can't be used: maxRows is 0, must");
  }
}
