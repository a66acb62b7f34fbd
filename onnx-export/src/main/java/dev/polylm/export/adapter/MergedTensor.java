package dev.polylm.export.adapter;

import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * A weight with its change added, computed as it is read.
 *
 * @param name the weight's, in the checkpoint
 * @param base the weight without the change
 * @param factors returns the change, from memory if its module was the last one read
 */
record MergedTensor(String name, StoredTensor base, Supplier<LowRank.Factors> factors)
    implements StoredTensor {

  @Override
  public String file() {
    return base.file();
  }

  /** Sums are floats, however the addends were stored. */
  @Override
  public ElementType type() {
    return ElementType.F32;
  }

  @Override
  public List<Long> shape() {
    return base.shape();
  }

  @Override
  public void read(long from, float[] target, int offset, int length) {
    base.read(from, target, offset, length);
    factors.get().addTo(from, target, offset, length);
  }

  @Override
  public void readAhead() {
    base.readAhead();
  }
}
