package dev.polylm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.mask.Acceptance;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AnswerTypeTest {
  enum Mood {
    GOOD,
    @JsonProperty("not good")
    BAD
  }

  record City(@JsonPropertyDescription("in English") String name, int inhabitants, Mood mood) {}

  @SuppressWarnings("ArrayRecordComponent") // arrays are answers too
  record Trip(
      @JsonProperty("stops") List<City> cities,
      @Nullable String note,
      @JsonProperty(isRequired = OptBoolean.FALSE) Boolean booked,
      double price,
      long[] days) {}

  record Tree(String label, List<Tree> children) {}

  sealed interface Shape permits Circle, Box {}

  record Circle(int radius) implements Shape {}

  record Box(int width, int height) implements Shape {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Cat.class, name = "cat"),
    @JsonSubTypes.Type(value = Dog.class, name = "dog")
  })
  interface Animal {}

  record Cat(boolean indoors) implements Animal {}

  record Dog(String breed) implements Animal {}

  static final class Bean {
    public String shown = "";
    @JsonIgnore public String hidden = "";
    private int size;

    public void setSize(int size) {
      this.size = size;
    }
  }

  private static <T> T read(AnswerType<T> type, String json) {
    assertThat(Acceptance.accepts(type.constraint(), json)).as(json).isTrue();
    return type.read(json);
  }

  private static void refuses(AnswerType<?> type, String... texts) {
    for (String text : texts) {
      assertThat(Acceptance.accepts(type.constraint(), text)).as(text).isFalse();
    }
  }

  @Test
  void aRecordIsAnObject() {
    AnswerType<City> type = AnswerType.of(City.class);
    assertThat(read(type, "{\"name\":\"Rome\",\"inhabitants\":2800000,\"mood\":\"not good\"}"))
        .isEqualTo(new City("Rome", 2_800_000, Mood.BAD));
    refuses(
        type,
        "{\"name\":\"Rome\",\"inhabitants\":28000000000,\"mood\":\"GOOD\"}",
        "{\"name\":\"Rome\",\"inhabitants\":1,\"mood\":\"BAD\"}",
        "{\"name\":\"Rome\",\"inhabitants\":1}",
        "{\"name\":null,\"inhabitants\":1,\"mood\":\"GOOD\"}",
        "{\"name\":\"Rome\",\"inhabitants\":1,\"mood\":\"GOOD\",\"more\":1}");
    JsonNode name = type.schema().at("/$defs/City/properties/name");
    assertThat(name.get("description").textValue()).isEqualTo("in English");
  }

  @Test
  void listsOptionalPropertiesAndArrays() {
    AnswerType<Trip> type = AnswerType.of(Trip.class);
    Trip trip =
        read(type, "{\"stops\":[],\"note\":\"x\",\"booked\":true,\"price\":1.5,\"days\":[7]}");
    assertThat(trip.note()).isEqualTo("x");
    assertThat(trip.days()).containsExactly(7);
    Trip least = read(type, "{\"stops\":[],\"price\":0,\"days\":[]}");
    assertThat(least.note()).isNull();
    assertThat(least.booked()).isNull();
    refuses(type, "{\"stops\":[],\"days\":[]}", "{\"cities\":[],\"price\":0,\"days\":[]}");
  }

  @Test
  void scalarsListsAndMaps() {
    assertThat(read(AnswerType.of(int.class), "-12")).isEqualTo(-12);
    assertThat(read(AnswerType.of(boolean.class), "true")).isTrue();
    assertThat(read(AnswerType.of(String.class), "\"a\\n\"")).isEqualTo("a\n");
    assertThat(read(AnswerType.of(BigDecimal.class), "1.50")).isEqualByComparingTo("1.5");
    assertThat(read(AnswerType.of(Mood.class), "\"GOOD\"")).isEqualTo(Mood.GOOD);
    UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    assertThat(read(AnswerType.of(UUID.class), "\"" + id + "\"")).isEqualTo(id);
    assertThat(read(AnswerType.listOf(Integer.class), "[1, 2]")).containsExactly(1, 2);
    AnswerType<Map<Mood, List<Integer>>> map = AnswerType.of(new TypeReference<>() {});
    assertThat(read(map, "{\"not good\": [3]}")).containsEntry(Mood.BAD, List.of(3));
    refuses(map, "{\"BAD\": [3]}", "{\"GOOD\": 3}");
    refuses(AnswerType.of(byte.class), "128", "1.5", "\"1\"");
  }

  @Test
  void aTypeMayContainItself() {
    AnswerType<Tree> type = AnswerType.of(Tree.class);
    String json = "{\"label\":\"a\",\"children\":[{\"label\":\"b\",\"children\":[]}]}";
    assertThat(read(type, json).children().get(0)).isEqualTo(new Tree("b", List.of()));
    refuses(type, "{\"label\":\"a\",\"children\":[1]}");
  }

  record Owner(String name, Pet pet) {}

  record Pet(String name, Owner owner) {}

  sealed interface Chain permits Link, Ring {}

  record Link(Chain next) implements Chain {}

  record Ring(Link link) implements Chain {}

  @Test
  void aMemberThatNeverEndsIsNamed() {
    String fault = "no answer can satisfy the constraint jsonSchema: the member %s is required";
    assertThatThrownBy(() -> AnswerType.of(Owner.class))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(fault.formatted("owner"));
    assertThatThrownBy(() -> AnswerType.of(Chain.class))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(fault.formatted("next"));
  }

  @Test
  void aSealedInterfaceIsOneOfItsTypes() {
    AnswerType<List<Shape>> type = AnswerType.listOf(Shape.class);
    String json =
        "[{\"type\":\"Circle\",\"radius\":3},{\"type\":\"Box\",\"width\":1,\"height\":2}]";
    assertThat(read(type, json)).containsExactly(new Circle(3), new Box(1, 2));
    refuses(
        type,
        "[{\"radius\":3}]",
        "[{\"type\":\"Box\",\"radius\":3}]",
        "[{\"type\":\"Oval\",\"radius\":3}]");
  }

  @Test
  void jacksonsSubtypesAreNamed() {
    AnswerType<Animal> type = AnswerType.of(Animal.class);
    assertThat(read(type, "{\"kind\":\"dog\",\"breed\":\"collie\"}")).isEqualTo(new Dog("collie"));
    assertThat(read(type, "{\"kind\":\"cat\",\"indoors\":false}")).isEqualTo(new Cat(false));
    refuses(
        type, "{\"kind\":\"cat\",\"breed\":\"collie\"}", "{\"type\":\"Cat\",\"indoors\":false}");
  }

  @Test
  void aBeanHasItsSettersAndFields() {
    AnswerType<Bean> type = AnswerType.of(Bean.class);
    String shownFirst = "{\"shown\":\"x\",\"size\":4}";
    String sizeFirst = "{\"size\":4,\"shown\":\"x\"}";
    boolean first = Acceptance.accepts(type.constraint(), shownFirst);
    Bean bean = read(type, first ? shownFirst : sizeFirst);
    assertThat(bean.shown + bean.size).isEqualTo("x4");
    refuses(type, "{\"shown\":\"x\",\"hidden\":\"\",\"size\":4}", "{\"shown\":\"x\"}");
  }

  @Test
  void typesWithoutASchemaAreNamed() {
    assertThatThrownBy(() -> AnswerType.of(LocalDate.class))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("java.time.LocalDate");
    assertThatThrownBy(() -> AnswerType.of(Comparable.class))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("java.lang.Comparable");
    assertThatThrownBy(() -> AnswerType.of(new TypeReference<Map<Integer, String>>() {}))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("keys of maps must be strings or enums");
  }

  @Test
  void aTextThatIsNotAnAnswerIsNamed() {
    assertThatThrownBy(() -> AnswerType.of(City.class).read("{\"name\":"))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("the answer can't be read: ");
  }
}
