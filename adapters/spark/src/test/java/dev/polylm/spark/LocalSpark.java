package dev.polylm.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A Spark of two threads in this JVM, and rows for it. */
final class LocalSpark {
  private LocalSpark() {}

  /** Starts it. It listens on the loopback address only. */
  static SparkSession start() {
    return builder("local[2]").getOrCreate();
  }

  static SparkSession.Builder builder(String master) {
    return SparkSession.builder()
        .master(master)
        .appName("polylm")
        .withExtensions(new PolyLmExtensions())
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", "target/spark-warehouse");
  }

  /** Returns rows of a number from 0 on, {@code id}, and a text. */
  static Dataset<Row> texts(SparkSession spark, List<String> texts) {
    StructType schema =
        new StructType().add("id", DataTypes.IntegerType).add("text", DataTypes.StringType);
    Row[] rows = new Row[texts.size()];
    Arrays.setAll(rows, i -> RowFactory.create(i, texts.get(i)));
    return spark.createDataFrame(Arrays.asList(rows), schema);
  }
}
