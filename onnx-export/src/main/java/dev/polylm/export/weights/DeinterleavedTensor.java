package dev.polylm.export.weights;

import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;

/**
 * A tensor of c_attn whose outputs are stored as [heads, 3, headDim] and read as [3, heads,
 * headDim]. Megatron-LM stores them so
 * (https://github.com/NVIDIA/Megatron-LM/blob/v3.0.2/megatron/model/transformer.py).
 *
 * @param heads divides a third of the outputs
 * @param axis the outputs' dimension
 */
record DeinterleavedTensor(StoredTensor stored, int heads, int axis) implements StoredTensor {
  private static final long PARTS = 3;

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public String file() {
    return stored.file();
  }

  @Override
  public ElementType type() {
    return stored.type();
  }

  @Override
  public List<Long> shape() {
    return stored.shape();
  }

  @Override
  public void read(long from, float[] target, int offset, int length) {
    long run = run();
    int count;
    for (int done = 0; done < length; done += count) {
      long index = from + done;
      count = (int) Math.min(length - done, run - index % run);
      stored.read(source(index / run) * run + index % run, target, offset + done, count);
    }
  }

  @Override
  public void readAhead() {
    stored.readAhead();
  }

  /** Returns how many elements a head's part has. They stay together in both orders. */
  private long run() {
    long run = shape().get(axis) / (PARTS * heads);
    for (long size : shape().subList(axis + 1, shape().size())) {
      run *= size;
    }
    return run;
  }

  /** Returns the place in [outer, heads, 3] of a run in [outer, 3, heads]. */
  private long source(long index) {
    long head = index % heads;
    long part = index / heads % PARTS;
    long outer = index / heads / PARTS;
    return (outer * heads + head) * PARTS + part;
  }
}
