package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.internal.adapter.Adapters;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.model.AdapterFacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with adapters get what their own adapter gives, whatever runs beside them. */
final class AdaptersTest {
  private static final int SLOTS = 2;
  private static final AdapterMatrix.Shape SHAPE = new AdapterMatrix.Shape("h.0.a", 2, 2, 1);

  @TempDir private Path folder;
  private final FakeRows.Model model = new FakeRows.Model(SchedulerTest.DIMENSIONS.vocabSize());

  private List<LoadedAdapter> load(int count) {
    Adapters adapters =
        new Adapters(
            Map.of("h.0.a", new int[] {2, 2}),
            new AdapterFacts(1, SLOTS),
            SchedulerTest.DIMENSIONS,
            false,
            1 << 20);
    List<LoadedAdapter> loaded = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve("adapter" + i + ".adapter");
      AdapterFile.write(
          file, List.of(SHAPE), s -> new AdapterMatrix(s, new float[2], new float[2]));
      loaded.add(adapters.load(file));
    }
    return loaded;
  }

  private Engine engine() {
    model.slots = SLOTS;
    Engine.RunModel run =
        new Engine.RunModel(model::create, model, SchedulerTest.DIMENSIONS, Float.BYTES);
    PolyLmOptions options =
        PolyLmOptions.builder().maxRows(8).promptChunk(7).keyValueBytes(1 << 20).build();
    return new Engine(run, null, options, new EngineObserver() {});
  }

  private static Terms terms(Random random, @Nullable LoadedAdapter adapter) {
    String caller = random.nextBoolean() ? null : "caller " + random.nextInt(3);
    return new Terms(random.nextInt(2), caller, null, System.nanoTime(), adapter);
  }

  /** A task checks each row of logits against those of its own ids and adapter. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyRowHasItsOwnAdapter(long seed) {
    Random random = new Random(seed);
    List<LoadedAdapter> loaded = load(5);
    List<Ticket> tickets = new ArrayList<>();
    try (Engine engine = engine()) {
      for (int i = 0; i < 120; i++) {
        int chosen = random.nextInt(loaded.size() + 1);
        LoadedAdapter adapter = chosen == loaded.size() ? null : loaded.get(chosen);
        // Prompts begin alike, so that keys and values are reused where they may be.
        int[] prompt = random.ints(20 + random.nextInt(20), 0, 2).toArray();
        Arrays.fill(prompt, 0, 18, 3);
        RandomTask task =
            new RandomTask(model, random.nextLong(), List.of(prompt), 60).with(adapter);
        tickets.add(engine.submit(task, terms(random, adapter)));
        if (random.nextInt(10) == 0) {
          tickets.get(random.nextInt(tickets.size())).cancel();
        }
      }
      tickets.forEach(Ticket::await);
      assertThat(tickets.stream().mapToInt(Ticket::reusedIds).sum()).isPositive();
    }
    assertThat(model.kept).isZero();
    assertThat(model.open).isZero();
  }

  @Test
  void aClosedAdapterServesTheRequestsThatItHas() {
    LoadedAdapter adapter = load(1).get(0);
    int[] prompt = {1, 2, 3};
    try (Engine engine = engine()) {
      model.beforeRun = adapter::close;
      RandomTask task = new RandomTask(model, 7, List.of(prompt), 60).with(adapter);
      engine.submit(task, terms(new Random(1), adapter)).await();
      assertThat(adapter.matrices()).isNull();
      assertThatThrownBy(() -> engine.submit(task, terms(new Random(1), adapter)))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("the adapter adapter0 is closed");
    }
  }
}
