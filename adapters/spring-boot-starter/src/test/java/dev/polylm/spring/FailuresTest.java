package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

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

  @Test
  void aSettingOutOfRange(CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.generation.top-p=3")).isInstanceOf(Exception.class);
    assertThat(output).contains("polylm.*: top_p is 3.0, must be from 0.0 to 1.0");
  }

  @Test
  void anUnknownSetting(CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.generation.top-q=3")).isInstanceOf(Exception.class);
    assertThat(output).contains("polylm.*: top-q is not a generation setting, nearest: ");
  }

  @Test
  void anOptionOutOfRange(CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.max-rows=0")).isInstanceOf(Exception.class);
    assertThat(output).contains("polylm.*: maxRows is 0, must be at least 1");
  }

  @Test
  void anUnknownDevice(CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.device=tpu")).isInstanceOf(Exception.class);
    assertThat(output).contains("polylm.*: device is \"tpu\", must be cpu, cuda, cuda:N, auto, ");
  }

  @Test
  void aDeviceThatIsNotThere(CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.device=cuda")).isInstanceOf(Exception.class);
    assertThat(output)
        .contains("The model of polylm.model.path can't be opened: ")
        .contains("such as the artifact polylm-tiny, or change polylm.device.");
  }

  @Test
  void anUnknownProperty(CapturedOutput output) {
    assertThatThrownBy(() -> start("polylm.modell.path=/x")).isInstanceOf(Exception.class);
    assertThat(output).contains("polylm.modell.path").contains("APPLICATION FAILED TO START");
  }
}
