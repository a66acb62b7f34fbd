package dev.polylm.export.reference;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.tensor.StoredTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's model, computed in fp32 from the stored weights.
 *
 * <p>Between calls it keeps only vectors. Not safe for use by several threads at once. A call works
 * on the threads of its {@link Workers}.
 */
public final class ReferenceModel {
  private final ModelConfig config;
  private final ReferenceTensors tensors;
  private final Workers workers;
  private final boolean interleavedQkv;

  private ReferenceModel(
      ModelConfig config, ReferenceTensors tensors, Workers workers, boolean interleavedQkv) {
    this.config = config;
    this.tensors = tensors;
    this.workers = workers;
    this.interleavedQkv = interleavedQkv;
  }

  /**
   * Finds the model's tensors and checks all shapes.
   *
   * @param tensors by name, with or without the prefix {@code transformer.}; matrices are [in, out]
   *     as in Conv1D, or [out, in] as in torch.nn.Linear
   * @throws PolyLmException if a tensor is missing or has another shape
   */
  public static ReferenceModel open(
      ModelConfig config, Map<String, StoredTensor> tensors, Workers workers) {
    ReferenceTensors found = new ReferenceTensors(config, tensors);
    found.tokenEmbedding();
    found.positionEmbedding();
    found.head();
    found.finalNorm();
    for (int layer = 0; layer < config.nLayer(); layer++) {
      found.layer(layer);
    }
    return new ReferenceModel(config, found, workers, false);
  }

  /**
   * Returns the model with the outputs of c_attn grouped by heads in the checkpoint, [heads, 3,
   * headDim], as in Megatron-LM; otherwise they are [3, heads, headDim].
   */
  public ReferenceModel withInterleavedQkv() {
    return new ReferenceModel(config, tensors, workers, true);
  }

  /**
   * Takes token sequences through all layers, up to the last norm.
   *
   * @param sequences of 1 to nPositions ids each, in [0, vocabSize)
   * @return [tokens][nEmbd], the sequences' tokens one after the other, which the head turns into
   *     logits
   * @throws PolyLmException if a sequence is empty or too long, or an id out of range
   */
  public float[][] hiddenStates(List<int[]> sequences, ActivationObserver observer) {
    return begin(sequences, observer).finish();
  }

  /**
   * Begins to take token sequences through the layers. The caller says when to run each layer.
   *
   * @param sequences of 1 to nPositions ids each, in [0, vocabSize)
   * @throws PolyLmException if a sequence is empty or too long, or an id out of range
   */
  public LayerwisePass begin(List<int[]> sequences, ActivationObserver observer) {
    return beginPlaced(sequences.stream().map(PlacedIds::of).toList(), observer);
  }

  /**
   * Begins to take token sequences through the layers; they may leave out positions.
   *
   * @param placed of 1 to nPositions ids each, in [0, vocabSize); their positions in [0,
   *     nPositions)
   * @throws PolyLmException if a sequence is empty or too long, or an id or a position out of range
   */
  public LayerwisePass beginPlaced(List<PlacedIds> placed, ActivationObserver observer) {
    placed.forEach(this::checkSequence);
    return begin(placed, observer, interleavedQkv ? 0 : Integer.MAX_VALUE);
  }

  private LayerwisePass begin(
      List<PlacedIds> placed, ActivationObserver observer, int interleavedFrom) {
    List<int[]> sequences = placed.stream().map(PlacedIds::inputIds).toList();
    MatrixProduct product = new MatrixProduct(workers);
    ForwardPass.Context context =
        new ForwardPass.Context(config, interleavedFrom, workers, product, observer);
    return new LayerwisePass(context, tensors, embed(placed), sequences);
  }

  /**
   * Returns the logits of a sequence with the outputs of c_attn in both orders, whatever this
   * model's order is. It reads the weights once.
   *
   * @param inputIds 1 to 256 ids, in [0, vocabSize)
   * @return [2 inputIds.length][vocabSize]: all positions with the order [3, heads, headDim], then
   *     all with [heads, 3, headDim]
   * @throws PolyLmException if the sequence is empty or too long, or an id out of range
   */
  public float[][] logitsOfBothOrders(int[] inputIds) {
    PlacedIds placed = PlacedIds.of(inputIds);
    checkSequence(placed);
    LayerwisePass pass = begin(List.of(placed, placed), ActivationObserver.NONE, inputIds.length);
    if (pass.chunks() > 1) {
      throw new IllegalArgumentException(
          "%s ids twice are more than a chunk".formatted(inputIds.length));
    }
    return logits(pass.finish());
  }

  /**
   * Returns the logits that follow from hidden states. It reads the head's weights once for each
   * call, so ask for as many rows as fit in memory. A row is vocabSize floats.
   *
   * @param hidden rows [n][nEmbd] of {@link #hiddenStates}
   * @return [n][vocabSize]
   */
  public float[][] logits(float[][] hidden) {
    LayerParameters.Affine head = tensors.head();
    float[][] logits = new float[hidden.length][config.vocabSize()];
    new MatrixProduct(workers).multiply(hidden, head.weights(), head.bias(), logits);
    return logits;
  }

  /**
   * Returns the logits of a sequence at some of its positions.
   *
   * @param inputIds 1 to nPositions ids, in [0, vocabSize)
   * @param positions in [0, inputIds.length)
   * @return [positions.length][vocabSize]
   * @throws PolyLmException if the sequence is empty or too long, or an id out of range
   */
  public float[][] logits(int[] inputIds, int[] positions) {
    float[][] hidden = hiddenStates(List.of(inputIds), ActivationObserver.NONE);
    return logits(Arrays.stream(positions).mapToObj(p -> hidden[p]).toArray(float[][]::new));
  }

  private void checkSequence(PlacedIds placed) {
    int[] inputIds = placed.inputIds();
    if (inputIds.length == 0 || inputIds.length > config.nPositions()) {
      throw new PolyLmException(
          "a sequence has %s ids, expected 1 to %s"
              .formatted(inputIds.length, config.nPositions()));
    }
    check("id", inputIds, config.vocabSize());
    check("position", placed.positionIds(), config.nPositions());
  }

  private static void check(String what, int[] values, int end) {
    for (int value : values) {
      if (value < 0 || value >= end) {
        throw new PolyLmException(
            "a sequence has the %s %s, expected 0 to %s".formatted(what, value, end - 1));
      }
    }
  }

  private float[][] embed(List<PlacedIds> sequences) {
    int width = config.nEmbd();
    StoredTensor tokens = tensors.tokenEmbedding();
    StoredTensor positions = tensors.positionEmbedding();
    float[] position = new float[width];
    return sequences.stream()
        .flatMap(
            placed -> {
              float[][] rows = new float[placed.inputIds().length][width];
              for (int t = 0; t < rows.length; t++) {
                tokens.read((long) placed.inputIds()[t] * width, rows[t], 0, width);
                positions.read((long) placed.positionIds()[t] * width, position, 0, width);
                Elementwise.add(rows[t], position);
              }
              return Arrays.stream(rows);
            })
        .toArray(float[][]::new);
  }
}
