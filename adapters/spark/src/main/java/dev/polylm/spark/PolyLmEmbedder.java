package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.spark.PromptTemplate.RowText;
import dev.polylm.spark.RowWork.Started;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Gives a vector of length 1 for each row's text, as {@link PolyLm#embed(String)} does. The column
 * has the type of Spark's ML vectors.
 *
 * <pre>{@code
 * Dataset<Row> embedded =
 *     new PolyLmEmbedder()
 *         .setModelPath("/models/polylm-1.7b-onnx")
 *         .setInputCol("text")
 *         .setOutputCol("features")
 *         .transform(sentences);
 * }</pre>
 */
public final class PolyLmEmbedder extends PolyLmTransformer<PolyLmEmbedder> {
  private static final long serialVersionUID = 1L;

  /** Makes an embedder with a new name. */
  public PolyLmEmbedder() {
    this(Identifiable$.MODULE$.randomUID("polylmEmbedder"));
  }

  /** Makes an embedder with a name. */
  public PolyLmEmbedder(String uid) {
    super(uid);
  }

  @Override
  List<StructField> outputs() {
    return List.of(
        DataTypes.createStructField(required(outputCol()), SQLDataTypes.VectorType(), true));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    template().checkReadsRows();
    return super.transformSchema(schema);
  }

  @Override
  ModelCall call(StructType schema, Tally counts) {
    return new Call(template().in(schema));
  }

  private record Call(RowText text) implements ModelCall {
    @Override
    public @Nullable Started<?> start(Row row, PolyLm model) {
      String embedded = text.of(row);
      return embedded == null ? null : Started.call(() -> model.embed(embedded), Call::values);
    }

    private static Object[] values(float[] embedding) {
      double[] numbers = new double[embedding.length];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = embedding[i];
      }
      return new Object[] {Vectors.dense(numbers)};
    }
  }

  /** Returns a reader of embedders that were written. */
  public static MLReader<PolyLmEmbedder> read() {
    return new DefaultParamsReadable<PolyLmEmbedder>() {}.read();
  }

  /** Reads an embedder that was written. */
  public static PolyLmEmbedder load(String path) {
    return read().load(path);
  }
}
