package dev.polylm.spark;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Gives SQL the functions {@code polylm_generate}, {@code polylm_translate}, {@code polylm_score}
 * and {@code polylm_embed}, with {@code spark.sql.extensions=dev.polylm.spark.PolyLmExtensions}.
 *
 * <p>The settings are Spark's: {@code spark.polylm.modelPath} and {@code spark.polylm.rows} as in
 * the transformers, and {@code spark.polylm.errorMode}: {@code fail} (the default) or {@code null}
 * for a null where a row fails.
 */
public final class PolyLmExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  /** The setting: the folder of the model. */
  public static final String MODEL_PATH = "spark.polylm.modelPath";

  /** The setting: the largest number of rows in a decoding step. */
  public static final String ROWS = "spark.polylm.rows";

  /** The setting: what becomes of a row that fails. */
  public static final String ERROR_MODE = "spark.polylm.errorMode";

  private @Nullable Tally tally;

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    for (SqlFunction function : SqlFunction.values()) {
      extensions.injectFunction(
          new Tuple3<>(
              new FunctionIdentifier(function.sqlName()), info(function), builder(function)));
    }
    extensions.injectPostHocResolutionRule(function(session -> new SqlCalls()));
    return BoxedUnit.UNIT;
  }

  private static ExpressionInfo info(SqlFunction function) {
    return new ExpressionInfo(
        PolyLmExtensions.class.getName(),
        "",
        function.sqlName(),
        "_FUNC_(%s) - %s".formatted(function.usage, function.description),
        "",
        "",
        "",
        "",
        "",
        "",
        "");
  }

  private AbstractFunction1<Seq<Expression>, Expression> builder(SqlFunction function) {
    return function(
        children -> {
          List<Expression> arguments = CollectionConverters.asJava(children);
          function.check(arguments.size());
          arguments.forEach(argument -> checkNotNamed(function, argument));
          if (arguments.size() > function.configAt()) {
            checkConfig(arguments.get(function.configAt()));
          }
          List<Expression> texts = arguments.stream().map(PolyLmExtensions::text).toList();
          return call(function, texts);
        });
  }

  private static void checkNotNamed(SqlFunction function, Expression argument) {
    if (argument instanceof NamedArgumentExpression named) {
      throw new PolyLmException(
          "%s has the argument %s by its name, expected %s(%s) without names"
              .formatted(function.sqlName(), named.key(), function.sqlName(), function.usage));
    }
  }

  /** Refuses a constant that is no configuration, before it fails for each row. */
  private static void checkConfig(Expression config) {
    if (config instanceof Literal constant && constant.value() instanceof UTF8String json) {
      GenerationConfig.fromJson(json.toString());
    }
  }

  private static Expression text(Expression argument) {
    return new Cast(argument, DataTypes.StringType, Option.empty());
  }

  // A filter may be moved below a call that is deterministic, which would then be made twice.
  private ScalaUDF call(SqlFunction function, List<Expression> arguments) {
    SqlCall call = new SqlCall(function, source(), nullOnError(), tally());
    return new ScalaUDF(
        call.scalaFunction(arguments.size()),
        function.type(),
        CollectionConverters.asScala(arguments).toSeq(),
        CollectionConverters.asScala(List.<Option<ExpressionEncoder<?>>>of()).toSeq(),
        Option.empty(),
        Option.apply(function.sqlName()),
        true,
        false);
  }

  private static ModelSource source() {
    RuntimeConfig conf = SparkSession.active().conf(); // a view's own has Spark's settings only
    String rows = conf.get(ROWS, "16");
    if (!rows.matches("[1-9]\\d{0,8}")) {
      throw new PolyLmException("%s is %s, must be at least 1".formatted(ROWS, rows));
    }
    return new ModelSource(conf.get(MODEL_PATH, null), Integer.parseInt(rows));
  }

  private static boolean nullOnError() {
    String mode = SparkSession.active().conf().get(ERROR_MODE, "fail");
    if (!mode.equals("fail") && !mode.equals("null")) {
      throw new PolyLmException("%s is %s, expected fail or null".formatted(ERROR_MODE, mode));
    }
    return mode.equals("null");
  }

  /** Returns the counts of all calls of the session's queries. */
  private synchronized Tally tally() {
    if (tally == null) {
      tally = new Tally(SparkSession.active().sparkContext());
    }
    return tally;
  }

  private static <A, B> AbstractFunction1<A, B> function(Function<A, B> body) {
    return new AbstractFunction1<>() {
      @Override
      public B apply(A argument) {
        return body.apply(argument);
      }
    };
  }
}
