package dev.polylm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonTypeIdResolver;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.mask.Acceptance;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Java types that are seldom answers: each gives the object, or a sentence before generation. */
@SuppressWarnings({"ClassCanBeStatic", "UnicodeInCode"}) // such classes are odd, and allowed
final class OddTypesTest {
  private static <T> T read(AnswerType<T> type, String json) {
    assertThat(Acceptance.accepts(type.constraint(), json)).as(json).isTrue();
    return type.read(json);
  }

  private static void refuses(AnswerType<?> type, String... texts) {
    for (String text : texts) {
      assertThat(Acceptance.accepts(type.constraint(), text)).as(text).isFalse();
    }
  }

  record Pair<A, B>(A first, B second) {}

  record Größe(int zentimeter) {}

  private record Private(int value) {}

  record Empty() {}

  @SuppressWarnings("ArrayRecordComponent") // arrays are answers too
  record Arrays(byte[] bytes, int[][] rows, Integer[] boxed) {}

  record Hidden(String shown, @JsonIgnore String hidden) {}

  record Written(
      @JsonProperty("a \"b\"/~") String quoted,
      @JsonProperty(access = JsonProperty.Access.READ_ONLY) String readOnly) {}

  @Test
  void genericPrivateAndEmptyRecords() {
    AnswerType<Pair<String, List<Integer>>> pair = AnswerType.of(new TypeReference<>() {});
    assertThat(read(pair, "{\"first\":\"a\",\"second\":[1]}"))
        .isEqualTo(new Pair<>("a", List.of(1)));
    AnswerType<Pair<Pair<Integer, Größe>, Pair<Größe, String>>> nested =
        AnswerType.of(new TypeReference<>() {});
    assertThat(
            read(
                nested,
                "{\"first\":{\"first\":1,\"second\":{\"zentimeter\":2}},"
                    + "\"second\":{\"first\":{\"zentimeter\":3},\"second\":\"x\"}}"))
        .isEqualTo(new Pair<>(new Pair<>(1, new Größe(2)), new Pair<>(new Größe(3), "x")));
    assertThat(read(AnswerType.of(Private.class), "{\"value\":3}")).isEqualTo(new Private(3));
    assertThat(read(AnswerType.of(Empty.class), "{}")).isEqualTo(new Empty());
    refuses(AnswerType.of(Empty.class), "{\"a\":1}", "[]", "null");
  }

  @Test
  void arraysOfPrimitivesAndOfArrays() {
    Arrays arrays =
        read(AnswerType.of(Arrays.class), "{\"bytes\":[-128,127],\"rows\":[[1],[]],\"boxed\":[5]}");
    assertThat(arrays.bytes()).containsExactly(-128, 127);
    assertThat(arrays.rows()).isDeepEqualTo(new int[][] {{1}, {}});
    assertThat(arrays.boxed()).containsExactly(5);
    assertThat(read(AnswerType.of(String[][].class), "[[\"a\"]]")[0]).containsExactly("a");
  }

  @Test
  void ignoredAndReadOnlyPropertiesAreNotAskedFor() {
    assertThat(read(AnswerType.of(Hidden.class), "{\"shown\":\"x\"}"))
        .isEqualTo(new Hidden("x", null));
    refuses(AnswerType.of(Hidden.class), "{\"shown\":\"x\",\"hidden\":\"y\"}");
    assertThat(read(AnswerType.of(Written.class), "{\"a \\\"b\\\"/~\":\"x\"}").quoted())
        .isEqualTo("x");
  }

  static class Holder {
    record Item(int a) {}

    record Item1(int b) {}
  }

  static class Other {
    record Item(int c) {}
  }

  /** Types with one simple name, and one whose name is that of another with a number. */
  record Items(Holder.Item1 first, Holder.Item second, Other.Item third) {}

  @Test
  void typesOfOneSimpleNameAreKeptApart() {
    Items items =
        read(
            AnswerType.of(Items.class),
            "{\"first\":{\"b\":1},\"second\":{\"a\":2},\"third\":{\"c\":3}}");
    assertThat(items)
        .isEqualTo(new Items(new Holder.Item1(1), new Holder.Item(2), new Other.Item(3)));
  }

  record Names(List<String> names) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Names {}
  }

  record Text(String text) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Text {}
  }

  static final class Amount {
    final long cents;

    private Amount(long cents) {
      this.cents = cents;
    }

    @JsonCreator
    static Amount of(long cents) {
      return new Amount(cents);
    }
  }

  @Test
  void aCreatorMayTakeTheWholeValue() {
    assertThat(read(AnswerType.of(Amount.class), "250").cents).isEqualTo(250);
    refuses(AnswerType.of(Amount.class), "2.5", "\"250\"", "{}");
    assertThat(read(AnswerType.of(Names.class), "[\"a\",\"b\"]"))
        .isEqualTo(new Names(List.of("a", "b")));
    assertThat(read(AnswerType.of(Text.class), "\"a\"")).isEqualTo(new Text("a"));
  }

  enum Nothing {}

  enum Count {
    ONE,
    TWO;

    @JsonValue
    int number() {
      return this == ONE ? 1 : 2;
    }
  }

  enum Grade {
    BEST,
    WORST;

    @JsonValue
    String letter() {
      return this == BEST ? "A" : "F";
    }
  }

  @Test
  void enumsWithValuesOfTheirOwn() {
    assertThat(read(AnswerType.of(Count.class), "2")).isEqualTo(Count.TWO);
    assertThat(read(AnswerType.of(Grade.class), "\"F\"")).isEqualTo(Grade.WORST);
    AnswerType<Map<Grade, Integer>> grades = AnswerType.of(new TypeReference<>() {});
    assertThat(read(grades, "{\"A\":1}")).isEqualTo(Map.of(Grade.BEST, 1));
    assertThat(read(AnswerType.of(new TypeReference<Set<Count>>() {}), "[1,1]"))
        .isEqualTo(Set.of(Count.ONE));
  }

  record Measured(float value) {}

  @Test
  void numbersAreReadAsTheyAreWritten() {
    AnswerType<Measured> type = AnswerType.of(Measured.class);
    assertThat(read(type, "{\"value\":-0.25}")).isEqualTo(new Measured(-0.25f));
    refuses(type, "{\"value\":1e39}", "{\"value\":" + "9".repeat(39) + "}");
    String digits = "1" + "0".repeat(3_000);
    assertThat(read(AnswerType.of(BigInteger.class), digits)).isEqualTo(new BigInteger(digits));
  }

  class Inner {
    public int value;
  }

  static final class Made {
    public final int value;

    Made(int value, int other) {
      this.value = value + other;
    }
  }

  interface Open {}

  abstract static class Abstract {}

  interface Texts extends List<String> {}

  static final class Sized extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Sized(int size) {
      super(size);
    }
  }

  record Nest<T>(T value, List<Nest<List<T>>> more) {}

  record Wrapped(@JsonUnwrapped Größe size, String name) {}

  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  record Row(int a, int b) {}

  record Owner(
      @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "k")
          @JsonSubTypes(@JsonSubTypes.Type(value = Größe.class, name = "g"))
          Object thing) {}

  static final class Shout extends StdDeserializer<String> {
    private static final long serialVersionUID = 1L;

    Shout() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
      throw new IllegalStateException();
    }
  }

  record Shouts(@JsonDeserialize(contentUsing = Shout.class) List<String> texts) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
  @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Box.class)})
  interface Shape {}

  record Circle(int radius) implements Shape {}

  record Box(int width) implements Shape {}

  static final class OwnIds extends TypeIdResolverBase {
    @Override
    public String idFromValue(Object value) {
      return value.getClass().getName();
    }

    @Override
    public String idFromValueAndType(Object value, Class<?> type) {
      return idFromValue(value);
    }

    @Override
    public JavaType typeFromId(DatabindContext context, String id) {
      throw new IllegalStateException();
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "k")
  @JsonTypeIdResolver(OwnIds.class)
  @JsonSubTypes(@JsonSubTypes.Type(Lone.class))
  interface Custom {}

  record Lone(int a) implements Custom {}

  sealed interface Named permits Person, Firm.Person {}

  record Person(int age) implements Named {}

  static class Firm {
    record Person(int size) implements Named {}
  }

  sealed interface Tax permits Levy {}

  record Levy(String type, int percent) implements Tax {}

  sealed interface Whole permits Part {}

  record Part(String text) implements Whole {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Part {}
  }

  static List<Arguments> refused() {
    return List.of(
        Arguments.of(new TypeReference<Optional<String>>() {}, "java.util.Optional"),
        Arguments.of(new TypeReference<Stream<String>>() {}, "java.util.stream.Stream"),
        Arguments.of(new TypeReference<Character>() {}, "java.lang.Character"),
        Arguments.of(new TypeReference<char[]>() {}, "char"),
        Arguments.of(new TypeReference<Void>() {}, "java.lang.Void"),
        Arguments.of(new TypeReference<Open>() {}, "Open"),
        Arguments.of(new TypeReference<Abstract>() {}, "Abstract"),
        Arguments.of(new TypeReference<Map<Object, String>>() {}, "keys of maps must be"),
        Arguments.of(new TypeReference<Inner>() {}, "an inner class must be static"),
        Arguments.of(new TypeReference<Made>() {}, "it has no constructor without parameters"),
        Arguments.of(new TypeReference<Texts>() {}, "Texts"),
        Arguments.of(new TypeReference<Sized>() {}, "it has no constructor without parameters"),
        Arguments.of(new TypeReference<Nest<String>>() {}, "with ever other type arguments"),
        Arguments.of(new TypeReference<Wrapped>() {}, "its property size is annotated as"),
        Arguments.of(new TypeReference<Row>() {}, "its annotations change how it is read"),
        Arguments.of(new TypeReference<Owner>() {}, "the property thing has its own @JsonTypeInfo"),
        Arguments.of(new TypeReference<Shouts>() {}, "the property texts has its own deserializer"),
        Arguments.of(new TypeReference<Shape>() {}, "must tell subtypes apart by a name or class"),
        Arguments.of(new TypeReference<Custom>() {}, "must tell subtypes apart by a name or class"),
        Arguments.of(new TypeReference<Named>() {}, "two of its subtypes are called Person"),
        Arguments.of(new TypeReference<Tax>() {}, "its property type has the name of the one that"),
        Arguments.of(new TypeReference<Whole>() {}, "which has no place for its type"),
        Arguments.of(new TypeReference<Nothing>() {}, "no answer can satisfy"),
        Arguments.of(new TypeReference<Map<Count, String>>() {}, "its value 1 is no name"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCantBeReadIsRefusedBeforeGeneration(TypeReference<?> type, String sentence) {
    assertThatThrownBy(() -> AnswerType.of(type))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(sentence)
        .message()
        .doesNotContain("Source: ", "\n", "DeserializationFeature");
  }

  record Percent(int value) {
    Percent {
      if (value > 100) {
        throw new IllegalArgumentException("percent is " + value + ", must be at most 100");
      }
    }
  }

  @Test
  void whatAConstructorRefusesIsSaidInItsWords() {
    assertThatThrownBy(() -> AnswerType.of(Percent.class).read("{\"value\":101}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the answer can't be read: percent is 101, must be at most 100");
    assertThatThrownBy(() -> AnswerType.listOf(Percent.class).read("[{\"value\":101}]"))
        .hasMessage("the answer can't be read: [0]: percent is 101, must be at most 100");
  }
}
