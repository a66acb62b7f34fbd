package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsReaderTest {
  private static final String TYPES =
      "[F32, F16, BF16, F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL, C64, F8_E4M3, F8_E5M2,"
          + " F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, F6_E3M2, F6_E2M3, F4]";

  @TempDir Path folder;

  private Map<String, StoredTensor> read(byte[] content) throws IOException {
    Path path = Files.write(folder.resolve("model.safetensors"), content);
    try (WeightFile file = WeightFile.open(path)) {
      return SafetensorsReader.read(file);
    }
  }

  /** Reads a header with ' for ", and data of so many bytes. */
  private Map<String, StoredTensor> read(String header, int dataBytes) throws IOException {
    return read(Fixtures.safetensors(header.replace('\'', '"'), dataBytes));
  }

  private void assertRefused(byte[] content, String message) {
    Fixtures.assertRefused(() -> read(content), "model.safetensors: " + message);
  }

  @Test
  void emptyTensorsScalarsMetadataAndPaddingAreValid() throws IOException {
    Map<String, StoredTensor> tensors =
        read(
            "{'__metadata__': {'format': 'pt'},"
                + "'b': {'dtype': 'F16', 'shape': [2, 3], 'data_offsets': [2, 14]},"
                + "'a': {'dtype': 'BF16', 'shape': [], 'data_offsets': [0, 2]},"
                + "'c': {'dtype': 'I64', 'shape': [0, 9], 'data_offsets': [14, 14]}}   ",
            14);
    assertThat(tensors.keySet()).containsExactly("a", "b", "c");
    assertThat(tensors.get("a").shape()).isEmpty();
    assertThat(tensors.get("a").elements()).isEqualTo(1);
    assertThat(tensors.get("b").shape()).containsExactly(2L, 3L);
    assertThat(tensors.get("c").type()).isEqualTo(ElementType.I64);
    assertThat(tensors.get("c").elements()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 'the header''s length is 0, expected 2 to 100000000 bytes'",
    "1, 'the header''s length is 1, expected 2 to 100000000 bytes'",
    "100000001, 'the header''s length is 100000001, expected 2 to 100000000 bytes'",
    "-1, 'the header''s length is 18446744073709551615, expected 2 to 100000000 bytes'",
    "93, 'the header''s length is 93, but only 92 bytes follow'",
  })
  void aHeaderLengthThatLiesIsRefused(long length, String message) {
    byte[] content =
        ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    assertRefused(content, message);
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] whole =
        Files.readAllBytes(Fixtures.checkpoint("safetensors-fp32").resolve("model.safetensors"));
    assertRefused(
        Arrays.copyOf(whole, 7), "has 7 bytes, expected a header's length in the first 8");
    assertRefused(
        Arrays.copyOf(whole, 1000), "the header's length is 2592, but only 992 bytes follow");
    assertRefused(
        Arrays.copyOf(whole, whole.length - 1),
        "tensor transformer.wte.weight ends at byte 151040 of the data, which has 151039");
    assertRefused(
        Arrays.copyOf(whole, whole.length + 5),
        "5 bytes follow the last tensor, transformer.wte.weight, expected none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'dtype': 'F9', 'shape': [4], 'data_offsets': [0, 4] | has dtype \"F9\", expected one of "
            + TYPES,
        "'dtype': 7, 'shape': [4], 'data_offsets': [0, 4] | has dtype 7, expected one of " + TYPES,
        "'dtype': 'F4', 'shape': [9], 'data_offsets': [0, 4] | has data_offsets [0, 4], 4 bytes,"
            + " expected 5 for F4 of shape [9]",
        "'dtype': 'U8', 'shape': [-4], 'data_offsets': [0, 4] | has shape [-4], expected no negative"
            + " size",
        "'dtype': 'U8', 'shape': [4.0], 'data_offsets': [0, 4] | has 4.0 in its shape, expected whole"
            + " numbers",
        "'dtype': 'U8', 'shape': 4, 'data_offsets': [0, 4] | has shape 4, expected a short array",
        "'dtype': 'U8', 'shape': [4294967296, 4294967296], 'data_offsets': [0, 0] | has shape"
            + " [4294967296, 4294967296], expected fewer than 2^63 bytes",
        "'dtype': 'F64', 'shape': [2305843009213693952], 'data_offsets': [0, 0] | has shape"
            + " [2305843009213693952], expected fewer than 2^63 bytes",
        "'dtype': 'U8', 'shape': [99999999999999999999], 'data_offsets': [0, 4] | has"
            + " 99999999999999999999 in its shape, expected whole numbers",
        "'dtype': 'U8', 'shape': [4], 'data_offsets': [4, 0] | has data_offsets [4, 0], expected"
            + " [begin, end] with 0 <= begin <= end",
        "'dtype': 'U8', 'shape': [4], 'data_offsets': [-4, 0] | has data_offsets [-4, 0], expected"
            + " [begin, end] with 0 <= begin <= end",
        "'dtype': 'U8', 'shape': [4], 'data_offsets': [0] | has data_offsets [0], expected [begin,"
            + " end] with 0 <= begin <= end",
        "'dtype': 'F16', 'shape': [4], 'data_offsets': [0, 4] | has data_offsets [0, 4], 4 bytes,"
            + " expected 8 for F16 of shape [4]",
        "'dtype': 'U8', 'shape': [5], 'data_offsets': [0, 5] | ends at byte 5 of the data, which has"
            + " 4",
        "'dtype': 'U8', 'shape': [4] | has no data_offsets",
        "'dtype': 'U8', 'shape': [4], 'data_offsets': [0, 4], 'x': 1 | has 4 keys, expected only"
            + " [dtype, shape, data_offsets]",
      })
  void aBadEntryIsNamed(String entry, String message) {
    Fixtures.assertRefused(
        () -> read("{'h.0.w': {" + entry + "}}", 4), "model.safetensors: tensor h.0.w " + message);
  }

  /** Nothing depends on it, and safetensors reads it. */
  @Test
  void metadataMayBeNull() throws IOException {
    assertThat(
            read(
                "{'__metadata__': null, 'a': {'dtype': 'U8', 'shape': [4], 'data_offsets': [0, 4]}}",
                4))
        .containsOnlyKeys("a");
  }

  @Test
  void overlapsAndHolesAreRefused() {
    String template =
        "{'a': {'dtype': 'U8', 'shape': [4], 'data_offsets': [0, 4]},"
            + "'b': {'dtype': 'U8', 'shape': [4], 'data_offsets': [%d, %d]}}";
    Fixtures.assertRefused(
        () -> read(template.formatted(3, 7), 7),
        "model.safetensors: tensor b begins at byte 3 of the data, before where a ends at 4;"
            + " expected no overlap");
    Fixtures.assertRefused(
        () -> read(template.formatted(5, 9), 9),
        "model.safetensors: tensor b begins at byte 5 of the data, after where a ends at 4;"
            + " expected no hole");
    Fixtures.assertRefused(
        () -> read("{'b': {'dtype': 'U8', 'shape': [4], 'data_offsets': [1, 5]}}", 5),
        "model.safetensors: tensor b begins at byte 1 of the data, after where the header ends at"
            + " 0; expected no hole");
  }

  @Test
  void aHeaderOfAnotherFormIsRefused() {
    String tensor = "{'dtype': 'U8', 'shape': [4], 'data_offsets': [0, 4]}";
    Fixtures.assertRefused(
        () -> read("[1,2]", 0),
        "model.safetensors: the header is an array of 2, expected a JSON object");
    Fixtures.assertRefusedStarting(
        () -> read("{'a': ", 0),
        "model.safetensors: the header is not valid JSON: it ends too early");
    Fixtures.assertRefused(() -> read("{}", 0), "model.safetensors: the header names no tensor");
    Fixtures.assertRefused(() -> read("{'a': 1}", 0), "model.safetensors: tensor a has no dtype");
    Fixtures.assertRefused(
        () -> read("{'__metadata__': 1, 'a': " + tensor + "}", 4),
        "model.safetensors: __metadata__ is 1, expected an object");
    Fixtures.assertRefused(
        () -> read("{'a\\nb': " + tensor + "}", 4),
        "model.safetensors: a tensor's name is \"a?b\" (3 characters), expected 1 to 500 printable"
            + " ones");
    Fixtures.assertRefusedStarting(
        () -> read("{'a': " + tensor + ", 'a': " + tensor + "}", 4),
        "model.safetensors: the header is not valid JSON: Duplicate");
  }

  @Test
  void aHeaderThatWouldFillStackOrHeapIsRefused() {
    Fixtures.assertRefusedStarting(
        () -> read("{'a':" + "{'a':".repeat(200_000), 0),
        "model.safetensors: the header is not valid JSON: Document nesting depth (101)");
    Fixtures.assertRefusedStarting(
        () -> read("{'a':[" + "0,".repeat(600_000) + "0]}", 0),
        "model.safetensors: the header is not valid JSON: Token count (500001)");
    String manyDimensions = "1" + ",1".repeat(64);
    Fixtures.assertRefused(
        () ->
            read(
                "{'a': {'dtype': 'U8', 'shape': [" + manyDimensions + "], 'data_offsets': [0, 1]}}",
                1),
        "model.safetensors: tensor a has shape an array of 65, expected a short array");
  }
}
