package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
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
 * Lets a model answer the text of each row. The text gets the form that the model was trained on.
 *
 * <pre>{@code
 * Dataset<Row> translated =
 *     new PolyLmGenerator()
 *         .setModelPath("/models/polylm-13b-onnx")
 *         .setPromptTemplate("{text}\nTranslate this sentence from English to German.")
 *         .setGenerationConfig("{\"max_new_tokens\": 100}")
 *         .setOutputCol("german")
 *         .transform(sentences);
 * }</pre>
 *
 * <p>Sampled answers have seeds that derive from the row's key, so that a row has the same answer
 * wherever and however often it is run. For the same bits with int8 or int4 weights as well, set
 * {@code "reproducible": true}.
 */
public final class PolyLmGenerator extends PolyLmTransformer<PolyLmGenerator> {
  private static final long serialVersionUID = 1L;

  private final Param<String> generationConfig;
  private final Param<String> keyCol;
  private final Param<String> idsCol;
  private final Param<String> finishReasonCol;

  /** Makes a generator with a new name. */
  public PolyLmGenerator() {
    this(Identifiable$.MODULE$.randomUID("polylmGenerator"));
  }

  /** Makes a generator with a name. */
  public PolyLmGenerator(String uid) {
    super(uid);
    generationConfig =
        new Param<>(this, "generationConfig", "settings in the JSON of generation_config.json");
    keyCol =
        new Param<>(this, "keyCol", "column whose values give the seeds; without it, the texts do");
    idsCol = new Param<>(this, "idsCol", "column for the ids of the answers");
    finishReasonCol = new Param<>(this, "finishReasonCol", "column for why the answers ended");
    setDefault(generationConfig, "{}");
  }

  /** Returns the parameter: the settings in the JSON of generation_config.json. */
  public Param<String> generationConfig() {
    return generationConfig;
  }

  /** Returns the parameter: the column whose values give the seeds. */
  public Param<String> keyCol() {
    return keyCol;
  }

  /** Returns the parameter: the column for the ids of the answers. */
  public Param<String> idsCol() {
    return idsCol;
  }

  /** Returns the parameter: the column for why the answers ended. */
  public Param<String> finishReasonCol() {
    return finishReasonCol;
  }

  /**
   * Sets the settings in the JSON of generation_config.json. The model's settings apply to the
   * rest.
   */
  public PolyLmGenerator setGenerationConfig(String json) {
    GenerationConfig.fromJson(notNull(generationConfig, json));
    return with(generationConfig, json);
  }

  /**
   * Sets the column whose values give the seeds of sampled answers; see {@link #seed}. By default,
   * the text for the model gives it, so equal texts have equal answers.
   */
  public PolyLmGenerator setKeyCol(String value) {
    return with(keyCol, value);
  }

  /** Sets the column for the ids of the answers. By default, there is none. */
  public PolyLmGenerator setIdsCol(String value) {
    return with(idsCol, value);
  }

  /**
   * Sets the column for why the answers ended, such as {@code LENGTH}. By default, there is none.
   */
  public PolyLmGenerator setFinishReasonCol(String value) {
    return with(finishReasonCol, value);
  }

  /** Returns the seed of a row. */
  public static long seed(long configSeed, String key) {
    return RowSeed.of(configSeed, key);
  }

  @Override
  List<StructField> outputs() {
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField(required(outputCol()), DataTypes.StringType, true));
    if (isDefined(idsCol)) {
      fields.add(
          DataTypes.createStructField(
              required(idsCol), DataTypes.createArrayType(DataTypes.IntegerType, false), true));
    }
    if (isDefined(finishReasonCol)) {
      fields.add(
          DataTypes.createStructField(required(finishReasonCol), DataTypes.StringType, true));
    }
    return fields;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    GenerationConfig.fromJson(required(generationConfig)); // Python sets it without the setter
    if (isDefined(keyCol)) {
      Columns.index(schema, required(keyCol)); // rows of one text may differ by their keys
    } else {
      template().checkReadsRows();
    }
    return super.transformSchema(schema);
  }

  @Override
  ModelCall call(StructType schema, Tally counts) {
    RowText text = template().in(schema);
    String key = valueOf(keyCol);
    return new Call(
        text,
        key == null ? text : PromptTemplate.ofColumn(key).in(schema),
        required(generationConfig),
        isDefined(idsCol),
        isDefined(finishReasonCol),
        counts);
  }

  private record Call(
      RowText text, RowText key, String config, boolean withIds, boolean withReason, Tally counts)
      implements ModelCall {
    @Override
    public @Nullable Started<?> start(Row row, PolyLm model) {
      String asked = text.of(row);
      if (asked == null) {
        return null;
      }
      GenerationRequest request =
          GenerationRequest.ofPrompt(model.promptForm().single(asked))
              .withConfig(RowSeed.config(config, model, String.valueOf(key.of(row))));
      return new Started<>(model.start(request).toCompletableFuture(), this::values);
    }

    private Object[] values(GenerationResult result) {
      counts.addGeneration(result);
      List<Object> values = new ArrayList<>();
      values.add(result.text());
      if (withIds) {
        values.add(result.sequences().get(0).ids());
      }
      if (withReason) {
        values.add(result.sequences().get(0).finishReason().toString());
      }
      return values.toArray();
    }
  }

  /** Returns a reader of generators that were written. */
  public static MLReader<PolyLmGenerator> read() {
    return new DefaultParamsReadable<PolyLmGenerator>() {}.read();
  }

  /** Reads a generator that was written. */
  public static PolyLmGenerator load(String path) {
    return read().load(path);
  }
}
