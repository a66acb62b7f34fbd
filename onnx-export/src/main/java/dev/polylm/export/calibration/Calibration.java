package dev.polylm.export.calibration;

import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.EmbeddingHessian;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.RowSource;
import dev.polylm.export.reference.ActivationObserver;
import dev.polylm.export.reference.ActivationObserver.ProjectionKind;
import dev.polylm.export.reference.LayerwisePass;
import dev.polylm.export.reference.ReferenceModel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Hessians of a model's matrices for some token sequences. Ask for the matrices in the order of
 * the layers, the output head last. Only the Hessians of one layer are held. Not safe for use by
 * several threads at once.
 */
public final class Calibration implements Hessian.Source {
  /** How many columns can make up for each other's errors; see {@link Hessian}. */
  private static final int GROUP_WIDTH = 512;

  private static final String TIED_HEAD = "wte.weight";
  private static final String OWN_HEAD = "lm_head.weight";
  private static final Pattern PROJECTION = Pattern.compile("h\\.([0-9]+)\\.(.*)\\.weight");
  private static final Map<String, ProjectionKind> PROJECTIONS =
      Map.of(
          "attn.c_attn", ProjectionKind.ATTENTION_INPUT,
          "attn.c_proj", ProjectionKind.ATTENTION_OUTPUT,
          "mlp.c_fc", ProjectionKind.MLP_INPUT,
          "mlp.c_proj", ProjectionKind.MLP_OUTPUT);

  private final @Nullable FirstAttention tied;
  private final Workers workers;
  private final IntConsumer progress;
  private final LayerwisePass pass;
  private final Map<ProjectionKind, Hessian> hessians = new EnumMap<>(ProjectionKind.class);

  /**
   * The weights that read the embedding.
   *
   * @param weight the first layer's {@code attn.c_attn}, [3 nEmbd, nEmbd]
   * @param norm the first layer's {@code ln_1.weight}, [nEmbd]
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record FirstAttention(RowSource weight, float[] norm) {}

  /**
   * Begins a calibration. A layer is computed only when it is asked for.
   *
   * @param tied the first reader of an embedding that is also the output head; null if the head is
   *     separate, and then the embedding has no Hessian
   * @param sequences of ids in the vocabulary, at least one
   * @param progress called with each layer's number, from 0, before the layer is computed
   */
  public Calibration(
      ReferenceModel model,
      @Nullable FirstAttention tied,
      List<int[]> sequences,
      Workers workers,
      IntConsumer progress) {
    this.tied = tied;
    this.workers = workers;
    this.progress = progress;
    this.pass = model.begin(sequences, new Sums());
  }

  private final class Sums implements ActivationObserver {
    @Override
    public void onProjectionInput(ProjectionKind projection, int layer, float[][] rows) {
      hessians
          .computeIfAbsent(projection, p -> new Hessian(rows[0].length, GROUP_WIDTH))
          .add(rows, workers);
    }
  }

  @Override
  public @Nullable Hessian of(String weight) {
    if (weight.equals(OWN_HEAD)) {
      return head();
    }
    if (weight.equals(TIED_HEAD)) {
      return tied == null
          ? null
          : EmbeddingHessian.of(head(), GROUP_WIDTH, tied.weight(), tied.norm(), workers);
    }
    Matcher name = PROJECTION.matcher(weight);
    ProjectionKind projection = name.matches() ? PROJECTIONS.get(name.group(2)) : null;
    if (projection == null) {
      throw new IllegalArgumentException(weight + " is not a matrix of a layer");
    }
    return projection(Integer.parseInt(name.group(1)), projection);
  }

  private Hessian projection(int layer, ProjectionKind projection) {
    if (layer + 1 < pass.layer()) {
      throw new IllegalStateException(
          "layer %s was requested after layer %s".formatted(layer, pass.layer() - 1));
    }
    while (pass.layer() <= layer) {
      hessians.clear();
      progress.accept(pass.layer());
      pass.advance();
    }
    return known(projection);
  }

  private Hessian head() {
    hessians.clear();
    pass.finish();
    return known(ProjectionKind.HEAD);
  }

  private Hessian known(ProjectionKind projection) {
    Hessian hessian = hessians.get(projection);
    if (hessian == null) {
      throw new IllegalStateException("%s was not observed".formatted(projection));
    }
    return hessian;
  }
}
