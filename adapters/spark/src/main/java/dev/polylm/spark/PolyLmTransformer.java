package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.spark.PromptTemplate.RowText;
import java.util.List;
import java.util.Objects;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What PolyLM's transformers have in common. The tasks of an executor share one model, which the
 * first of them opens. Rows keep their order within a partition.
 *
 * @param <T> the transformer itself
 */
public abstract class PolyLmTransformer<T extends PolyLmTransformer<T>> extends Transformer
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> promptTemplate;
  private final Param<String> modelPath;
  private final IntParam rows;
  private final Param<String> errorMode;
  private final Param<String> errorCol;
  private transient @Nullable Tally tally;

  PolyLmTransformer(String uid) {
    this.uid = uid;
    this.inputCol = new Param<>(this, "inputCol", "column of texts");
    this.outputCol = new Param<>(this, "outputCol", "column for what the model gives");
    this.promptTemplate =
        new Param<>(
            this, "promptTemplate", "text for the model with names of columns in braces: {text}");
    this.modelPath =
        new Param<>(
            this,
            "modelPath",
            "folder of an exported model that every executor sees; without it, the model on the"
                + " class path");
    this.rows =
        new IntParam(
            this, "rows", "largest number of rows in a decoding step", ParamValidators.gt(0));
    this.errorMode =
        new Param<>(this, "errorMode", "what becomes of a row that fails: column, fail or drop");
    this.errorCol = new Param<>(this, "errorCol", "column for the error of a row that failed");
    setDefault(rows, 16);
    setDefault(errorMode, ErrorMode.COLUMN.toString());
    setDefault(errorCol, "polylm_error");
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Returns the parameter: the column of texts. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Returns the parameter: the column for what the model gives. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** Returns the parameter: the text for the model, with names of columns in braces. */
  public Param<String> promptTemplate() {
    return promptTemplate;
  }

  /** Returns the parameter: the folder of the exported model. */
  public Param<String> modelPath() {
    return modelPath;
  }

  /** Returns the parameter: the largest number of rows in a decoding step. */
  public IntParam rows() {
    return rows;
  }

  /** Returns the parameter: what becomes of a row that fails. */
  public Param<String> errorMode() {
    return errorMode;
  }

  /** Returns the parameter: the column for the error of a row that failed. */
  public Param<String> errorCol() {
    return errorCol;
  }

  /** Sets the column of texts. */
  public T setInputCol(String value) {
    return with(inputCol, value);
  }

  /** Sets the column for what the model gives. */
  public T setOutputCol(String value) {
    return with(outputCol, value);
  }

  /**
   * Sets the text for the model. Names of columns in braces stand for the row's values; two braces
   * stand for one. If a value is null, so is the row's output.
   */
  public T setPromptTemplate(String value) {
    PromptTemplate.parse(notNull(promptTemplate, value));
    return with(promptTemplate, value);
  }

  /**
   * Sets the folder of the exported model. Every executor must see it: on a shared file system, or
   * unpacked from an archive that Spark ships ({@code --archives model.zip#model}; the path is then
   * {@code model}). By default, it is the model on the class path.
   */
  public T setModelPath(String value) {
    return with(modelPath, value);
  }

  /**
   * Sets the largest number of rows in a decoding step, 16 by default. The first task that opens a
   * model in an executor decides.
   */
  public T setRows(int value) {
    return with(rows, value);
  }

  /**
   * Sets what becomes of a row that fails: {@code column} (the default) puts the error's sentence
   * into a column, {@code fail} ends the job, {@code drop} leaves the row out.
   */
  public T setErrorMode(String value) {
    return with(errorMode, ErrorMode.of(notNull(errorMode, value)).toString());
  }

  /** Sets the column for the error of a row that failed, {@code polylm_error} by default. */
  public T setErrorCol(String value) {
    return with(errorCol, value);
  }

  @SuppressWarnings("unchecked") // T is this class's own type
  <V> T with(Param<V> param, V value) {
    set(param, notNull(param, value));
    return (T) this;
  }

  static <V> V notNull(Param<V> param, V value) {
    return Objects.requireNonNull(value, () -> param.name() + " must not be null");
  }

  /** Returns the value of a parameter, or null if it has none. */
  <V> @Nullable V valueOf(Param<V> param) {
    return isDefined(param) ? getOrDefault(param) : null;
  }

  /**
   * Returns the value of a parameter.
   *
   * @throws PolyLmException if it has none
   */
  <V> V required(Param<V> param) {
    V value = valueOf(param);
    if (value == null) {
      throw new PolyLmException("%s is not set, expected the %s".formatted(param, param.doc()));
    }
    return value;
  }

  /** Returns the template of the text that the model reads. */
  PromptTemplate template() {
    String template = valueOf(promptTemplate);
    return template == null
        ? PromptTemplate.ofColumn(required(inputCol))
        : PromptTemplate.parse(template);
  }

  /** Returns the columns for what the model gives. */
  abstract List<StructField> outputs();

  /** Returns what is done with each row. */
  abstract ModelCall call(StructType schema, Tally counts);

  /** Begins the work on one row. */
  interface ModelCall extends java.io.Serializable {
    RowWork.@Nullable Started<?> start(Row row, PolyLm model);
  }

  /** Returns what was done in all jobs of this transformer. */
  public synchronized Tally tally() {
    if (tally == null) {
      throw new PolyLmException(uid + " has transformed nothing yet");
    }
    return tally;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    RowText unused = template().in(schema); // refuses names that are not there
    StructType result = schema;
    for (StructField output : outputs()) {
      result = Columns.append(result, output);
    }
    return ErrorMode.of(required(errorMode)) == ErrorMode.COLUMN
        ? Columns.append(
            result, DataTypes.createStructField(required(errorCol), DataTypes.StringType, true))
        : result;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    Tally counts = tallyIn(dataset.sparkSession().sparkContext());
    ModelSource source = new ModelSource(valueOf(modelPath), (Integer) required(rows));
    ErrorMode mode = ErrorMode.of(required(errorMode));
    ModelWork work = new ModelWork(call(dataset.schema(), counts), outputs().size(), mode);
    return pipe(dataset.toDF(), schema, work, source, counts);
  }

  private synchronized Tally tallyIn(SparkContext context) {
    if (tally == null) {
      tally = new Tally(context);
    }
    return tally;
  }

  private static Dataset<Row> pipe(
      Dataset<Row> rows, StructType schema, ModelWork work, ModelSource source, Tally counts) {
    return rows.mapPartitions(
        (MapPartitionsFunction<Row, Row>) part -> new RowPipe<>(part, work, source, counts),
        Encoders.row(schema));
  }

  /** Appends the model's values to rows. */
  private record ModelWork(ModelCall call, int outputs, ErrorMode mode)
      implements RowWork<Row, Row> {
    @Override
    public @Nullable Started<?> start(Row row, PolyLm model) {
      return call.start(row, model);
    }

    @Override
    public @Nullable Row finish(
        Row row, @Nullable Object @Nullable [] values, @Nullable PolyLmException error) {
      if (error != null && mode == ErrorMode.FAIL) {
        throw error;
      }
      if (error != null && mode == ErrorMode.DROP) {
        return null;
      }
      int size = row.size();
      boolean withError = mode == ErrorMode.COLUMN;
      Object[] all = new Object[size + outputs + (withError ? 1 : 0)];
      for (int i = 0; i < size; i++) {
        all[i] = row.get(i);
      }
      if (values != null) {
        System.arraycopy(values, 0, all, size, outputs);
      }
      if (withError && error != null) {
        all[all.length - 1] = error.getMessage();
      }
      return RowFactory.create(all);
    }
  }

  @Override
  public Transformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
