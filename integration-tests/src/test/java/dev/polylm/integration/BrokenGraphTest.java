package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A graph of 512 positions under a manifest that claims more: a run at position 512 fails. */
final class BrokenGraphTest {
  private static final int POSITIONS = 512;
  private static final GenerationConfig TO_THE_END =
      GenerationConfig.builder().maxLength(POSITIONS + 8).eosTokenId(List.of(8191)).build();

  @TempDir Path folder;

  private PolyLm open(int maxRows) throws IOException {
    try (ModelDirectory model = ModelDirectory.openEmbedded()) {
      Manifest manifest = model.manifest();
      for (String name : manifest.files().keySet()) {
        Files.copy(model.file(name), folder.resolve(name));
      }
      String claim =
          manifest.toJson().replace("\"context_length\" : 512", "\"context_length\" : 600");
      Files.writeString(folder.resolve(Manifest.FILE_NAME), claim);
    }
    PolyLmOptions options = PolyLmOptions.builder().maxRows(maxRows).build();
    return PolyLm.open(folder, options);
  }

  private static GenerationRequest tooLong() {
    int[] ids = new int[POSITIONS - 4];
    java.util.Arrays.fill(ids, 300);
    return GenerationRequest.ofIds(ids).withConfig(TO_THE_END);
  }

  private static GenerationRequest shortOne() {
    return GenerationRequest.ofIds(5581, 321, 454)
        .withConfig(GenerationConfig.builder().maxNewTokens(12).build());
  }

  @Test
  void aRunThatFailsFailsItsRequestAndThoseAfterItAreAnswered() throws IOException {
    try (PolyLm polyLm = open(1)) {
      int[] alone = polyLm.generate(shortOne()).sequences().get(0).ids();
      GenerationHandle failing = polyLm.start(tooLong());
      GenerationHandle waiting = polyLm.start(shortOne());
      assertThatThrownBy(failing::result)
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("the model's run failed: ")
          .hasMessageContaining("Gather");
      assertThat(waiting.result().sequences().get(0).ids()).isEqualTo(alone);
      assertThat(polyLm.generate(shortOne()).sequences().get(0).ids()).isEqualTo(alone);
    }
  }

  @Test
  void aPromptThatFailsLeavesTheRowsBesideItAlone() throws IOException {
    try (PolyLm polyLm = open(8)) {
      GenerationRequest beside =
          GenerationRequest.ofIds(5581, 321, 454)
              .withConfig(
                  GenerationConfig.builder().maxNewTokens(200).eosTokenId(List.of(8191)).build());
      int[] alone = polyLm.generate(beside).sequences().get(0).ids();
      GenerationHandle running = polyLm.start(beside);
      int[] ids = new int[POSITIONS + 1];
      java.util.Arrays.fill(ids, 300);
      assertThatThrownBy(() -> polyLm.generate(GenerationRequest.ofIds(ids).withConfig(TO_THE_END)))
          .hasMessageStartingWith("the model's run failed: ");
      assertThat(running.result().sequences().get(0).ids()).isEqualTo(alone);
    }
  }
}
