package dev.polylm.export.weights;

import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A tensor of a checkpoint that is all in memory. */
public final class ArrayTensor implements StoredTensor {
  private final String name;
  private final ElementType type;
  private final List<Long> shape;
  private final float[] values;

  private ArrayTensor(String name, ElementType type, List<Long> shape, float[] values) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.values = values;
  }

  public static ArrayTensor of(String name, float[] values, long... shape) {
    return new ArrayTensor(name, ElementType.F32, Arrays.stream(shape).boxed().toList(), values);
  }

  /** The same tensor, but for the type it claims. */
  public ArrayTensor as(ElementType claimed) {
    return new ArrayTensor(name, claimed, shape, values);
  }

  /** Values that differ from each other, the same for the same name and shape. */
  public static ArrayTensor random(String name, long... shape) {
    int elements = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    Random random = new Random(name.hashCode());
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) random.nextGaussian() * 0.3f;
    }
    return of(name, values, shape);
  }

  public float[] values() {
    return values;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String file() {
    return "model.safetensors";
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public List<Long> shape() {
    return shape;
  }

  @Override
  public void read(long from, float[] target, int offset, int length) {
    System.arraycopy(values, Math.toIntExact(from), target, offset, length);
  }
}
