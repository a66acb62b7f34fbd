package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.scoring.Score;
import dev.polylm.spark.PromptTemplate.RowText;
import dev.polylm.spark.RowWork.Started;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReadable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Gives the log-likelihood of each row's text after another text, the prompt template's. The model
 * reads the two texts as they are.
 *
 * <pre>{@code
 * Dataset<Row> scored =
 *     new PolyLmScorer()
 *         .setModelPath("/models/polylm-13b-onnx")
 *         .setPromptTemplate("{german}\nTranslate this sentence from German to English.\n")
 *         .setInputCol("text")
 *         .setOutputCol("logLikelihood")
 *         .transform(translated);
 * }</pre>
 */
public final class PolyLmScorer extends PolyLmTransformer<PolyLmScorer> {
  private static final long serialVersionUID = 1L;

  private final Param<String> tokensCol;

  /** Makes a scorer with a new name. */
  public PolyLmScorer() {
    this(Identifiable$.MODULE$.randomUID("polylmScorer"));
  }

  /** Makes a scorer with a name. */
  public PolyLmScorer(String uid) {
    super(uid);
    tokensCol = new Param<>(this, "tokensCol", "column for the number of tokens of the texts");
  }

  /** Returns the parameter: the column for the number of tokens of the texts. */
  public Param<String> tokensCol() {
    return tokensCol;
  }

  /** Sets the column for the number of tokens of the texts. By default, there is none. */
  public PolyLmScorer setTokensCol(String value) {
    return with(tokensCol, value);
  }

  @Override
  List<StructField> outputs() {
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField(required(outputCol()), DataTypes.DoubleType, true));
    if (isDefined(tokensCol)) {
      fields.add(DataTypes.createStructField(required(tokensCol), DataTypes.IntegerType, true));
    }
    return fields;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    required(promptTemplate());
    Columns.index(schema, required(inputCol()));
    return super.transformSchema(schema);
  }

  @Override
  ModelCall call(StructType schema, Tally counts) {
    return new Call(
        template().in(schema),
        PromptTemplate.ofColumn(required(inputCol())).in(schema),
        isDefined(tokensCol));
  }

  private record Call(RowText context, RowText continuation, boolean withTokens)
      implements ModelCall {
    @Override
    public @Nullable Started<?> start(Row row, PolyLm model) {
      String before = context.of(row);
      String scored = continuation.of(row);
      return before == null || scored == null
          ? null
          : Started.call(() -> model.score(before, scored), this::values);
    }

    private Object[] values(Score score) {
      return withTokens
          ? new Object[] {score.sum(), score.tokenLogprobs().length}
          : new Object[] {score.sum()};
    }
  }

  /** Returns a reader of scorers that were written. */
  public static MLReader<PolyLmScorer> read() {
    return new DefaultParamsReadable<PolyLmScorer>() {}.read();
  }

  /** Reads a scorer that was written. */
  public static PolyLmScorer load(String path) {
    return read().load(path);
  }
}
