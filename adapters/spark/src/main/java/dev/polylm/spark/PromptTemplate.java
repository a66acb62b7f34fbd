package dev.polylm.spark;

import dev.polylm.PolyLmException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A text with the names of columns in braces, which stand for the row's values: {@code
 * {text}\nTranslate this sentence from English to {language}.} Two braces stand for one.
 *
 * @param texts the texts before, between and after the columns
 * @param columns the columns, one fewer than texts
 */
record PromptTemplate(List<String> texts, List<String> columns) implements Serializable {
  private static final Pattern BRACES =
      Pattern.compile("\\{\\{|\\}\\}|\\{(?<column>[^{}]+)\\}|[{}]");

  /** Returns the template that is a column's value. */
  static PromptTemplate ofColumn(String column) {
    return new PromptTemplate(List.of("", ""), List.of(column));
  }

  /**
   * Reads a template.
   *
   * @throws PolyLmException if a brace has no partner
   */
  static PromptTemplate parse(String template) {
    List<String> texts = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int done = 0;
    for (Matcher braces = BRACES.matcher(template); braces.find(); done = braces.end()) {
      text.append(template, done, braces.start());
      String found = braces.group();
      if (braces.group("column") != null) {
        columns.add(braces.group("column"));
        texts.add(text.toString());
        text.setLength(0);
      } else if (found.length() == 2) {
        text.append(found.charAt(0));
      } else {
        throw unpaired(template, braces.start());
      }
    }
    texts.add(text.append(template, done, template.length()).toString());
    return new PromptTemplate(List.copyOf(texts), List.copyOf(columns));
  }

  private static PolyLmException unpaired(String template, int at) {
    return new PolyLmException(
        String.format(
            Locale.ROOT,
            "promptTemplate \"%s\": the brace at character %d has no partner; a brace that is text is written twice",
            template,
            at + 1));
  }

  /**
   * Refuses a template that reads nothing of a row.
   *
   * @throws PolyLmException if it has no column
   */
  void checkReadsRows() {
    if (columns.isEmpty()) {
      throw new PolyLmException(
          "promptTemplate \"%s\" names no column, so all rows would have one text; expected a column's name in braces, such as {text}"
              .formatted(texts.get(0)));
    }
  }

  /**
   * Finds the columns in a schema.
   *
   * @throws PolyLmException if one is not there
   */
  RowText in(StructType schema) {
    return new RowText(
        texts, columns.stream().map(column -> Columns.index(schema, column)).toList());
  }

  /**
   * The texts of rows.
   *
   * @param texts the texts before, between and after the columns
   * @param columns the places of the columns: Spark gives rows without names to the second of two
   *     transformers
   */
  record RowText(List<String> texts, List<Integer> columns) implements Serializable {
    /** Returns the text of a row, or null if one of its values is null. */
    @Nullable String of(Row row) {
      StringBuilder text = new StringBuilder(texts.get(0));
      for (int i = 0; i < columns.size(); i++) {
        Object value = row.get(columns.get(i));
        if (value == null) {
          return null;
        }
        text.append(value instanceof BigDecimal number ? number.toPlainString() : value)
            .append(texts.get(i + 1));
      }
      return text.toString();
    }
  }
}
