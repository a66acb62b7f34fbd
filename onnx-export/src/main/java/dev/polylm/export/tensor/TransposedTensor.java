package dev.polylm.export.tensor;

import java.util.List;
import java.util.Objects;

/**
 * A matrix [rows, columns] that is stored column by column, as PyTorch saves {@code weight.t()}.
 *
 * <p>Reading gathers the requested rows from every column, so read many rows at a time.
 *
 * @param columnwise the stored tensor, [columns, rows]
 */
public record TransposedTensor(StoredTensor columnwise) implements StoredTensor {

  @Override
  public String name() {
    return columnwise.name();
  }

  @Override
  public String file() {
    return columnwise.file();
  }

  @Override
  public ElementType type() {
    return columnwise.type();
  }

  @Override
  public List<Long> shape() {
    return List.of(columnwise.shape().get(1), columnwise.shape().get(0));
  }

  @Override
  public void read(long from, float[] target, int offset, int length) {
    Objects.checkFromIndexSize(from, length, elements());
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return;
    }
    long rows = columnwise.shape().get(1);
    long columns = columnwise.shape().get(0);
    long firstRow = from / columns;
    int rowsTouched = (int) ((from + length - 1) / columns - firstRow) + 1;
    float[] run = new float[rowsTouched];
    // A column without a requested element occurs only if one or two rows are touched.
    for (long column = 0; column < columns; column++) {
      int start = firstRow * columns + column < from ? 1 : 0;
      int end = (firstRow + rowsTouched - 1) * columns + column < from + length ? 0 : 1;
      int count = rowsTouched - start - end;
      if (count > 0) {
        columnwise.read(column * rows + firstRow + start, run, 0, count);
        scatter(run, count, target, offset + at(firstRow + start, columns, column, from), columns);
      }
    }
  }

  @Override
  public void readAhead() {
    columnwise.readAhead();
  }

  private static int at(long row, long columns, long column, long from) {
    return (int) (row * columns + column - from);
  }

  private static void scatter(float[] run, int count, float[] target, int at, long step) {
    for (int i = 0; i < count; i++) {
      target[(int) (at + i * step)] = run[i];
    }
  }
}
