package dev.polylm.spark;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks the columns of a schema. */
final class Columns {
  private Columns() {}

  /**
   * Returns the place of a column.
   *
   * @throws PolyLmException if there is none of this name
   */
  static int index(StructType schema, String column) {
    int index = Arrays.asList(schema.fieldNames()).indexOf(column);
    if (index < 0) {
      throw new PolyLmException(
          "column %s is not in the input, whose columns are %s"
              .formatted(column, String.join(", ", schema.fieldNames())));
    }
    return index;
  }

  /**
   * Returns a schema with a further column.
   *
   * @throws PolyLmException if the input has a column of this name
   */
  static StructType append(StructType schema, StructField field) {
    if (Arrays.asList(schema.fieldNames()).contains(field.name())) {
      throw new PolyLmException(
          "column %s is in the input already, expected a new name for what the model gives"
              .formatted(field.name()));
    }
    return schema.add(field);
  }
}
