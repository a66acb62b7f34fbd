package dev.polylm.export.reference;

import dev.polylm.export.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Token sequences on their way through the layers, which stop after each.
 *
 * <p>Between layers only the residual stream is kept, tokens x nEmbd floats. In a layer the
 * sequences go through in chunks of some hundred tokens, and the layer's weights are read once a
 * chunk: so many activations are held at a time, and no more.
 */
public final class LayerwisePass {
  private static final int CHUNK_TOKENS = 512;

  private final ModelConfig config;
  private final ReferenceTensors tensors;
  private final List<ForwardPass> chunks = new ArrayList<>();
  private int layer;

  /**
   * @param embedded [tokens][nEmbd], of all sequences; becomes the pass's
   */
  LayerwisePass(
      PassContext context, ReferenceTensors tensors, float[][] embedded, List<int[]> sequences) {
    this.config = context.config();
    this.tensors = tensors;
    int first = 0;
    int[] starts = {0};
    for (int i = 0; i < sequences.size(); i++) {
      int tokens = starts[starts.length - 1] + sequences.get(i).length;
      starts = append(starts, tokens);
      boolean last = i + 1 == sequences.size();
      if (last || tokens + sequences.get(i + 1).length > CHUNK_TOKENS) {
        float[][] rows = Arrays.copyOfRange(embedded, first, first + tokens);
        chunks.add(new ForwardPass(context, rows, starts));
        first += tokens;
        starts = new int[] {0};
      }
    }
  }

  private static int[] append(int[] values, int value) {
    int[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = value;
    return longer;
  }

  /** In how many parts the sequences go through a layer. */
  int chunks() {
    return chunks.size();
  }

  /** The layer that the sequences come to next; the number of layers when they are through. */
  public int layer() {
    return layer;
  }

  /**
   * Takes all sequences through the next layer.
   *
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  public void advance() {
    LayerParameters parameters = tensors.layer(layer);
    chunks.forEach(chunk -> chunk.layer(layer, parameters));
    layer++;
  }

  /**
   * Takes all sequences through the layers that are left, and the last norm.
   *
   * @return [tokens][nEmbd], the sequences' tokens one after the other
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  public float[][] finish() {
    while (layer < config.nLayer()) {
      advance();
    }
    LayerParameters.Norm norm = tensors.finalNorm();
    return chunks.stream().flatMap(c -> Arrays.stream(c.finish(norm))).toArray(float[][]::new);
  }
}
