package dev.polylm.internal.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylm.PolyLmException;
import java.io.IOException;

/** Values of a JSON file, read where they stand and of the type that is expected. */
final class JsonFields {
  private JsonFields() {}

  static String text(JsonParser parser, String what) throws IOException {
    expect(parser.currentToken() == JsonToken.VALUE_STRING, parser, what, "a text");
    return parser.getText();
  }

  static int integer(JsonParser parser, String what) throws IOException {
    expect(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, parser, what, "an integer");
    long value =
        parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
    return value < 0 || value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  static double number(JsonParser parser, String what) throws IOException {
    expect(parser.currentToken().isNumeric(), parser, what, "a number");
    return parser.getDoubleValue();
  }

  static boolean flag(JsonParser parser, String what) throws IOException {
    expect(parser.currentToken().isBoolean(), parser, what, "true or false");
    return parser.getBooleanValue();
  }

  static void object(JsonParser parser, String what) {
    expect(parser.currentToken() == JsonToken.START_OBJECT, parser, what, "an object");
  }

  static void array(JsonParser parser, String what) {
    expect(parser.currentToken() == JsonToken.START_ARRAY, parser, what, "an array");
  }

  private static void expect(boolean holds, JsonParser parser, String what, String expected) {
    if (!holds) {
      throw new PolyLmException(
          "%s is %s, expected %s".formatted(what, found(parser.currentToken()), expected));
    }
  }

  private static String found(JsonToken token) {
    return switch (token) {
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      default -> "null";
    };
  }
}
