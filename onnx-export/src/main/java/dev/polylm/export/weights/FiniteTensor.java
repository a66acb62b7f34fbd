package dev.polylm.export.weights;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;

/** A tensor that refuses to be read if it holds NaN or an infinity. */
record FiniteTensor(StoredTensor stored) implements StoredTensor {

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
    stored.read(from, target, offset, length);
    for (int i = 0; i < length; i++) {
      if (!Float.isFinite(target[offset + i])) {
        throw new PolyLmException(
            "%s: tensor %s holds %s at element %s, expected finite weights unless others are allowed"
                .formatted(file(), name(), target[offset + i], from + i));
      }
    }
  }

  @Override
  public void readAhead() {
    stored.readAhead();
  }
}
