package dev.polylm.export.reference;

import dev.polylm.export.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes token sequences through the layers, one layer at a time.
 *
 * <p>Between layers it keeps only the residual stream, tokens x nEmbd floats. The sequences go
 * through a layer in chunks of some hundred tokens, and the layer's weights are read once for each
 * chunk. So only one chunk's activations are held at a time.
 */
public final class LayerwisePass {
  private static final int CHUNK_TOKENS = 512;

  private final ModelConfig config;
  private final ReferenceTensors tensors;
  private final List<ForwardPass> chunks = new ArrayList<>();
  private int layer;

  /**
   * @param embedded [tokens][nEmbd], of all sequences; the pass overwrites it
   */
  LayerwisePass(
      ForwardPass.Context context,
      ReferenceTensors tensors,
      float[][] embedded,
      List<int[]> sequences) {
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

  /** Returns in how many chunks the sequences go through a layer. */
  int chunks() {
    return chunks.size();
  }

  /** Returns the layer that the sequences go through next; at the end, the number of layers. */
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
   * Takes all sequences through the remaining layers and the last norm.
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
