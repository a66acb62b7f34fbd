package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.spark.RowWork.Started;
import dev.polylm.spark.SqlCall.ScalaCall;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.SQLFunctionContext;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.CreateStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.expressions.SubExprUtils;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.plans.logical.DeserializeToObject;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SerializeFromObject;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractPartialFunction;

/**
 * Gives each call in a SELECT list a step of its own, which keeps many rows in flight. A call
 * elsewhere, or in a CASE, is made for one row at a time.
 */
final class SqlCalls extends Rule<LogicalPlan> {

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    if (SQLFunctionContext.get().nestedSQLFunctionDepth() > 0) {
      return plan; // the body of a function becomes a part of the query that calls it
    }
    return plan.resolveOperatorsUp(
        new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
          @Override
          public boolean isDefinedAt(LogicalPlan node) {
            return node instanceof Project project && project.resolved();
          }

          @Override
          public LogicalPlan apply(LogicalPlan node) {
            return extracted((Project) node);
          }
        });
  }

  /** Moves calls out of a list one after the other, those in the arguments of others first. */
  private static Project extracted(Project project) {
    Project rest = project;
    ScalaUDF call = firstCall(rest);
    while (call != null) {
      rest = withStep(rest, call);
      call = firstCall(rest);
    }
    return rest;
  }

  private static @Nullable ScalaUDF firstCall(Project project) {
    for (NamedExpression named : java(project.projectList())) {
      if (SubqueryExpression.hasSubquery((Expression) named)) {
        return null; // its plan may know the columns by what they are
      }
    }
    for (NamedExpression named : java(project.projectList())) {
      ScalaUDF call = innermostCall((Expression) named);
      if (call != null) {
        return call;
      }
    }
    return null;
  }

  private static @Nullable ScalaUDF innermostCall(Expression expression) {
    if (expression instanceof ConditionalExpression || expression instanceof LambdaFunction) {
      return null; // a step would make the call for each row, or not know the lambda's variable
    }
    for (Expression child : java(expression.children())) {
      ScalaUDF call = innermostCall(child);
      if (call != null) {
        return call;
      }
    }
    return expression instanceof ScalaUDF call
            && call.function() instanceof ScalaCall
            && !SubExprUtils.containsOuter(call) // of a row that the step would not have
        ? call
        : null;
  }

  /** Returns the list with a column instead of a call, over a step that gives this column. */
  private static Project withStep(Project project, ScalaUDF call) {
    List<Attribute> kept = new ArrayList<>();
    Map<Expression, Attribute> given = new HashMap<>(); // what the step gives instead
    for (Attribute column : java(project.child().output())) {
      if (project.references().contains(column)) {
        given.put(column.canonicalized(), unnamed(column, kept.size()));
        kept.add(column);
      }
    }
    Attribute result = unnamed(call, kept.size());
    List<NamedExpression> list =
        java(project.projectList()).stream()
            .map(
                named ->
                    named instanceof Attribute column
                        ? sameColumn(column, replaced(column, call, result, given))
                        : (NamedExpression) replaced((Expression) named, call, result, given))
            .toList();
    List<Attribute> columns = new ArrayList<>();
    kept.forEach(column -> columns.add(given.getOrDefault(column.canonicalized(), column)));
    columns.add(result);
    return new Project(scala(list), step(project.child(), kept, call, columns));
  }

  private static Expression replaced(
      Expression expression, ScalaUDF call, Attribute result, Map<Expression, Attribute> given) {
    if (expression.equals(call)) { // the same call elsewhere has the same result
      return result;
    }
    if (expression instanceof Attribute column) {
      return given.getOrDefault(column.canonicalized(), column);
    }
    return expression.mapChildren(
        new AbstractFunction1<Expression, Expression>() {
          @Override
          public Expression apply(Expression child) {
            return replaced(child, call, result, given);
          }
        });
  }

  /**
   * Returns the plan whose rows are the kept columns of another plan and the call's result.
   *
   * @param columns the columns of these rows
   */
  private static LogicalPlan step(
      LogicalPlan child, List<Attribute> kept, ScalaUDF call, List<Attribute> columns) {
    List<Expression> inputs = new ArrayList<>(kept);
    inputs.addAll(java(call.children()));
    Expression input = CreateStruct.create(scala(inputs));
    StructType inputType = (StructType) input.dataType();
    StructType outputType = new StructType();
    for (Attribute column : columns) {
      outputType = outputType.add(column.name(), column.dataType(), column.nullable());
    }
    Attribute output = object(outputType);
    Expression row = new BoundReference(0, outputType, false); // whether Spark compiles it or not
    List<NamedExpression> fields = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Expression field = new GetStructField(row, i, Option.empty());
      fields.add(sameColumn(columns.get(i), field));
    }
    LogicalPlan rows = new DeserializeToObject(input, object(inputType), child);
    Step step = new Step(((ScalaCall) call.function()).call(), inputType, kept.size());
    return new SerializeFromObject(scala(fields), new MapPartitions(step, output, rows));
  }

  private static Attribute object(StructType type) {
    return new AttributeReference(
        "row", type, false, Metadata.empty(), NamedExpression.newExprId(), scala(List.of()));
  }

  /**
   * Returns a new column for an expression's value. Its name is its own, because Spark's optimizer
   * mixes up columns that have one name and several types. It is the same for each plan of a query,
   * because Spark knows cached rows by their plan.
   *
   * @param place among the step's columns
   */
  private static Attribute unnamed(Expression value, int place) {
    return new AttributeReference(
        "polylm_" + place,
        value.dataType(),
        value.nullable(),
        Metadata.empty(),
        NamedExpression.newExprId(),
        scala(List.of()));
  }

  /** Returns a value as a column that others know already. */
  private static NamedExpression sameColumn(Attribute column, Expression value) {
    return new Alias(
        value,
        column.name(),
        column.exprId(),
        column.qualifier(),
        Option.apply(column.metadata()),
        scala(List.of()));
  }

  private static <T> List<T> java(Seq<T> seq) {
    return CollectionConverters.asJava(seq);
  }

  private static <T> Seq<T> scala(List<T> list) {
    return CollectionConverters.asScala(list).toSeq();
  }

  /** Makes a call for each row of a partition. */
  private static final class Step extends AbstractFunction1<Iterator<Object>, Iterator<Object>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Work work;

    Step(SqlCall call, StructType inputType, int kept) {
      work = new Work(call, inputType, kept);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Step step && work.equals(step.work);
    }

    @Override
    public int hashCode() {
      return work.hashCode();
    }

    @Override
    public Iterator<Object> apply(Iterator<Object> rows) {
      // Spark uses a row's memory again for the next.
      Iterator<InternalRow> copies = rows.map(row -> ((InternalRow) row).copy());
      SqlCall call = work.call;
      return CollectionConverters.asScala(
          new RowPipe<InternalRow, Object>(
              CollectionConverters.asJava(copies), work, call.source(), call.counts()));
    }
  }

  /**
   * Makes a call for a row.
   *
   * @param inputType the kept columns, followed by the arguments
   */
  private record Work(SqlCall call, StructType inputType, int kept)
      implements RowWork<InternalRow, Object> {
    @Override
    public @Nullable Started<?> start(InternalRow row, PolyLm model) {
      @Nullable Object[] arguments = new @Nullable Object[inputType.size() - kept];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = value(row, kept + i);
      }
      return call.start(arguments, model);
    }

    @Override
    public Object finish(
        InternalRow row, @Nullable Object @Nullable [] values, @Nullable PolyLmException error) {
      @Nullable Object[] columns = new @Nullable Object[kept + 1];
      for (int i = 0; i < kept; i++) {
        columns[i] = value(row, i);
      }
      columns[kept] = internal(call.value(values, error));
      return new GenericInternalRow(columns);
    }

    private @Nullable Object value(InternalRow row, int index) {
      return row.isNullAt(index) ? null : row.get(index, inputType.fields()[index].dataType());
    }

    private static @Nullable Object internal(@Nullable Object value) {
      if (value instanceof String text) {
        return UTF8String.fromString(text);
      }
      return value instanceof float[] vector ? UnsafeArrayData.fromPrimitiveArray(vector) : value;
    }
  }
}
