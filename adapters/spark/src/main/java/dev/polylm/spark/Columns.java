package dev.polylm.spark;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks the columns of a schema. */
final class Columns {
  private Columns() {}

  /**
   * Returns the place of a column whose values are read as texts.
   *
   * @throws PolyLmException if there is none of this name, or several, or it has no texts
   */
  static int index(StructType schema, String column) {
    List<String> names = Arrays.asList(schema.fieldNames());
    int index = names.indexOf(column);
    if (index < 0) {
      throw new PolyLmException(
          "column %s is not in the input, whose columns are %s"
              .formatted(column, String.join(", ", names)));
    }
    if (names.lastIndexOf(column) != index) {
      throw new PolyLmException(
          "column %s is in the input %s times, expected once"
              .formatted(column, Collections.frequency(names, column)));
    }
    DataType type = schema.fields()[index].dataType();
    if (!isText(type)) {
      throw new PolyLmException(
          "column %s is of type %s, expected a text, number, date or boolean; cast it to a string"
              .formatted(column, type.simpleString()));
    }
    return index;
  }

  /** Says whether values of a type look the same in every JVM. */
  private static boolean isText(DataType type) {
    return type instanceof StringType
        || type instanceof NumericType
        || type instanceof DateType
        || type instanceof BooleanType
        || type instanceof NullType;
  }

  /**
   * Returns a schema with a further column.
   *
   * @throws PolyLmException if the input has a column of this name
   */
  static StructType append(StructType schema, StructField field) {
    boolean sameCase = SQLConf.get().caseSensitiveAnalysis();
    String name = field.name();
    if (Arrays.stream(schema.fieldNames())
        .anyMatch(known -> sameCase ? known.equals(name) : known.equalsIgnoreCase(name))) {
      throw new PolyLmException(
          "column %s is in the input already, expected a new name for what the model gives"
              .formatted(name));
    }
    return schema.add(field);
  }
}
