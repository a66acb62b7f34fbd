package dev.polylm.export.quantize;

import dev.polylm.export.parallel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Describes the inputs of a matrix by the sums of products of their columns, X^T X. They weigh the
 * errors of the matrix's weights against each other. Up to a factor this is the second derivative
 * of the squared error of the matrix's output (Frantar et al., GPTQ, arXiv:2210.17323v2, section
 * 2).
 *
 * <p>It keeps only squares along the diagonal, {@code groupWidth} columns wide. So a row of 20,480
 * columns costs 20,480 x 512 floats, 42 MB, and not 1.7 GB. Not safe for use by several threads at
 * once.
 */
public final class Hessian {
  /** How many rows of a square one task adds to. */
  private static final int STRIPE = 128;

  /**
   * How many inputs are added at a time. With eight, the inner loop does eight products for each
   * sum that it stores.
   */
  private static final int BATCH = 8;

  private final int columns;
  private final int groupWidth;

  /** [width, width] for each group; only the lower triangle is filled. */
  private final float[][] groups;

  /**
   * @param columns of the matrix
   * @param groupWidth a multiple of 128; 512 keeps nine tenths of the gain of the whole
   * @throws IllegalArgumentException if groupWidth is not one
   */
  public Hessian(int columns, int groupWidth) {
    if (groupWidth < 128 || groupWidth % 128 != 0) {
      throw new IllegalArgumentException(
          "groupWidth is " + groupWidth + ", expected a multiple of 128");
    }
    this.columns = columns;
    this.groupWidth = groupWidth;
    this.groups = new float[(columns + groupWidth - 1) / groupWidth][];
    for (int group = 0; group < groups.length; group++) {
      groups[group] = new float[Math.multiplyExact(width(group), width(group))];
    }
  }

  int columns() {
    return columns;
  }

  int groups() {
    return groups.length;
  }

  /** Returns the first column of a group. */
  int start(int group) {
    return group * groupWidth;
  }

  /** Returns how many columns a group has. */
  int width(int group) {
    return Math.min(groupWidth, columns - start(group));
  }

  /** Returns the lower triangle of a group's square, [width, width]. */
  float[] square(int group) {
    return groups[group];
  }

  /**
   * Adds inputs.
   *
   * @param inputs [n][columns]
   */
  public void add(float[][] inputs, Workers workers) {
    int stripes = groupWidth / STRIPE;
    workers.forEach(
        groups.length * stripes,
        i -> {
          int from = i % stripes * STRIPE;
          int to = Math.min(from + STRIPE, width(i / stripes));
          if (from < to) {
            addStripe(inputs, i / stripes, from, to);
          }
        });
  }

  /** Adds to the rows [from, to) of a group's square. */
  private void addStripe(float[][] inputs, int group, int from, int to) {
    float[] batch = new float[BATCH * to];
    for (int first = 0; first < inputs.length; first += BATCH) {
      for (int b = 0; b < BATCH; b++) {
        if (first + b < inputs.length) {
          System.arraycopy(inputs[first + b], start(group), batch, b * to, to);
        } else {
          Arrays.fill(batch, b * to, (b + 1) * to, 0);
        }
      }
      for (int row = from; row < to; row++) {
        addBatch(batch, to, row, groups[group], row * width(group));
      }
    }
  }

  /** sums[at + k] += sum over b of batch[b, row] * batch[b, k], for k up to row. */
  private static void addBatch(float[] batch, int step, int row, float[] sums, int at) {
    float x0 = batch[row];
    float x1 = batch[step + row];
    float x2 = batch[2 * step + row];
    float x3 = batch[3 * step + row];
    float x4 = batch[4 * step + row];
    float x5 = batch[5 * step + row];
    float x6 = batch[6 * step + row];
    float x7 = batch[7 * step + row];
    for (int k = 0; k <= row; k++) {
      sums[at + k] +=
          (x0 * batch[k] + x1 * batch[step + k])
              + (x2 * batch[2 * step + k] + x3 * batch[3 * step + k])
              + ((x4 * batch[4 * step + k] + x5 * batch[5 * step + k])
                  + (x6 * batch[6 * step + k] + x7 * batch[7 * step + k]));
    }
  }

  /** Returns the sums of squares of each column, [columns]. */
  public float[] diagonal() {
    float[] diagonal = new float[columns];
    for (int column = 0; column < columns; column++) {
      int group = column / groupWidth;
      int at = column - start(group);
      diagonal[column] = groups[group][at * width(group) + at];
    }
    return diagonal;
  }

  /** Returns the mean of the diagonal. */
  double meanSquare() {
    double sum = 0;
    for (float square : diagonal()) {
      sum += square;
    }
    return sum / columns;
  }

  /** Adds another Hessian with the same columns and groups, with each of its sums times factor. */
  void addScaled(Hessian other, double factor) {
    for (int group = 0; group < groups.length; group++) {
      float[] own = groups[group];
      float[] theirs = other.groups[group];
      for (int i = 0; i < own.length; i++) {
        own[i] += (float) factor * theirs[i];
      }
    }
  }

  /** Adds to the diagonal. */
  void addToDiagonal(double addend) {
    for (int group = 0; group < groups.length; group++) {
      int width = width(group);
      for (int i = 0; i < width; i++) {
        groups[group][i * width + i] += (float) addend;
      }
    }
  }

  /** Provides the Hessians of the inputs of a model's matrices. */
  @FunctionalInterface
  public interface Source {
    /** Has no Hessians. */
    Source NONE = weight -> null;

    /**
     * Returns the Hessian of a matrix's inputs. Ask for the matrices in the order in which a
     * forward pass uses them.
     *
     * @param weight its name, such as {@code h.3.attn.c_attn.weight}
     * @return null if each weight is to be rounded on its own
     * @throws dev.polylm.PolyLmException if the checkpoint can't be read
     */
    @Nullable Hessian of(String weight);
  }
}
