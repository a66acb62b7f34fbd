package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.tensor.ElementType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateDictUnpicklerTest {

  private static Map<String, TorchTensor> load(byte[] pickle) {
    return StateDictUnpickler.load("pytorch_model.bin", new PickleInput(pickle)).stateDict();
  }

  private static void assertRefused(byte[] pickle, String message) {
    Fixtures.assertRefused(() -> load(pickle), "pytorch_model.bin: " + message);
  }

  private static PickleBytes dict() {
    return new PickleBytes().op(Opcodes.EMPTY_DICT);
  }

  @Test
  void aTensorIsDescribed() {
    byte[] pickle =
        dict().text("w").tensor("HalfStorage", "7", 100, 4, 2, 3).op(Opcodes.SETITEM).stop();
    assertThat(load(pickle))
        .containsExactly(
            Map.entry(
                "w",
                new TorchTensor(
                    new TorchTensor.Storage(ElementType.F16, "7", 100),
                    4,
                    List.of(2L, 3L),
                    List.of(3L, 1L))));
  }

  @Test
  void protocol4IsReadToo() {
    byte[] pickle =
        new PickleBytes()
            .op(Opcodes.FRAME)
            .raw(new byte[8])
            .op(Opcodes.SHORT_BINUNICODE)
            .raw(11)
            .raw("collections".getBytes(StandardCharsets.UTF_8))
            .op(Opcodes.MEMOIZE)
            .text("OrderedDict")
            .op(Opcodes.STACK_GLOBAL)
            .op(Opcodes.EMPTY_TUPLE)
            .op(Opcodes.REDUCE)
            .stop();
    assertThat(load(pickle)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "builtins, eval",
    "__builtin__, bytearray",
    "builtins, ValueError",
    "exceptions, KeyError",
    "array, array",
    "datetime, datetime",
    "decimal, Decimal",
    "copy_reg, _reconstructor",
    "operator, attrgetter",
    "torch, load",
    "torch.storage, _load_from_bytes",
    "torch, QInt8Storage",
  })
  void otherGlobalsAreRefusedByName(String module, String name) {
    String message =
        "pickle names %s.%s, which is not part of a tensor; refused".formatted(module, name);
    assertRefused(
        new PickleBytes()
            .global(module, name)
            .text("echo")
            .op(Opcodes.TUPLE1)
            .op(Opcodes.REDUCE)
            .stop(),
        message);
    assertRefused(
        new PickleBytes().text(module).text(name).op(Opcodes.STACK_GLOBAL).stop(), message);
    assertRefused(
        new PickleBytes()
            .op(Opcodes.MARK)
            .op(Opcodes.INST)
            .raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8))
            .stop(),
        message);
  }

  @Test
  void aGlobalsNameIsShownShortAndOnOneLine() {
    assertRefused(
        new PickleBytes().text("o\ns").text("x".repeat(500)).op(Opcodes.STACK_GLOBAL).stop(),
        "pickle names o?s." + "x".repeat(116) + "..., which is not part of a tensor; refused");
  }

  @ParameterizedTest
  @ValueSource(
      chars = {
        'o', 0x81, 0x92, 'P', ']', 'l', 'a', 'e', 'd', 0x8f, 0x91, 0x82, 0x8b, 0x8d, 0x8e, 0x96,
        0x97, 'S', 'T', 'B', 'I', 'L', 'F', 'p', 'g', '0', '1', '2', 0xff
      })
  void opcodesThatNoStateDictNeedsAreRefused(char opcode) {
    assertRefused(
        dict().raw(opcode).stop(),
        "the pickle has the opcode 0x%02x at byte 3, which no state dict needs; refused"
            .formatted((int) opcode));
  }

  @Test
  void anInstanceOfAnAllowedGlobalIsRefused() {
    assertRefused(
        new PickleBytes()
            .op(Opcodes.MARK)
            .op(Opcodes.INST)
            .raw("collections\nOrderedDict\n".getBytes(StandardCharsets.UTF_8))
            .stop(),
        "the pickle makes an instance of ORDERED_DICT, expected tensors");
  }

  @Test
  void callsOfAnotherFormAreRefused() {
    assertRefused(
        new PickleBytes().global("collections", "OrderedDict").tuple(1).op(Opcodes.REDUCE).stop(),
        "the pickle calls ORDERED_DICT with 1 arguments, expected a call that rebuilds a tensor");
    assertRefused(
        new PickleBytes()
            .global("torch._utils", "_rebuild_tensor_v2")
            .tuple(1, 2, 3, 4, 5, 6)
            .op(Opcodes.REDUCE)
            .stop(),
        "the pickle calls TENSOR with 6 arguments, expected a call that rebuilds a tensor");
    assertRefused(
        new PickleBytes().global("torch", "FloatStorage").tuple(1).op(Opcodes.REDUCE).stop(),
        "the pickle calls something else with 1 arguments, expected a call that rebuilds a tensor");
    assertRefused(
        dict().op(Opcodes.EMPTY_TUPLE).op(Opcodes.REDUCE).stop(),
        "the pickle calls a dict with 0 arguments, expected a call that rebuilds a tensor");
    assertRefused(
        dict().text("w").tensor("FloatStorage", "0", 1, 0, new long[65], new long[65]).stop(),
        "a tensor's shape is a tuple of 65, expected a tuple of up to 64");
  }

  @Test
  void statesOfOtherObjectsAreRefused() {
    byte[] pickle =
        dict()
            .text("w")
            .tensor("FloatStorage", "0", 1, 0, 1)
            .op(Opcodes.EMPTY_DICT)
            .op(Opcodes.BUILD)
            .op(Opcodes.SETITEM)
            .stop();
    assertRefused(pickle, "the pickle sets the state of a tensor, expected only that of the dict");
  }

  @Test
  void persistentIdsOfAnotherFormAreRefused() {
    String form =
        "the pickle has a persistent id of another form than (storage, class, key, location, size)";
    assertRefused(new PickleBytes().text("0").op(Opcodes.BINPERSID).stop(), form);
    assertRefused(new PickleBytes().tuple(1, 2, 3, 4, 5).op(Opcodes.BINPERSID).stop(), form);
    assertRefused(
        new PickleBytes()
            .op(Opcodes.MARK)
            .text("storage")
            .text("FloatStorage")
            .text("0")
            .text("cpu")
            .number(1)
            .op(Opcodes.TUPLE)
            .op(Opcodes.BINPERSID)
            .stop(),
        "the pickle has a storage of a text with a text as key, expected a storage class and a"
            + " text");
  }

  @Test
  void whatIsNoDictOfTensorsIsRefused() {
    assertRefused(
        new PickleBytes().op(Opcodes.NONE).stop(),
        "the pickle holds something else, expected a dict of tensors");
    assertRefused(
        new PickleBytes().tuple(1, 2).stop(),
        "the pickle holds a tuple of 2, expected a dict of tensors");
    assertRefused(
        dict().text("epoch").number(3).op(Opcodes.SETITEM).stop(),
        "the pickle holds a number named epoch, expected a tensor");
    assertRefused(
        dict().number(3).number(4).op(Opcodes.SETITEM).stop(),
        "the pickle has a number as a key, expected a text");
    assertRefused(
        dict().op(Opcodes.MARK).text("a").number(1).text("a").number(2).op(Opcodes.SETITEMS).stop(),
        "the pickle names a twice");
    assertRefused(
        dict().text("").tensor("FloatStorage", "0", 1, 0, 1).op(Opcodes.SETITEM).stop(),
        "a tensor's name is \"\" (0 characters), expected 1 to 500 printable ones");
  }

  @Test
  void containersThatHoldThemselvesDoNoHarm() {
    PickleBytes holdsItself =
        dict().op(Opcodes.BINPUT).raw(0).text("self").op(Opcodes.BINGET).raw(0);
    assertRefused(
        holdsItself.op(Opcodes.SETITEM).stop(),
        "the pickle holds a dict named self, expected a tensor");
    assertRefused(
        dict()
            .op(Opcodes.BINPUT)
            .raw(0)
            .op(Opcodes.BINGET)
            .raw(0)
            .op(Opcodes.NONE)
            .op(Opcodes.SETITEM)
            .stop(),
        "the pickle has a dict as a key, expected a text");
  }

  @Test
  void deepAndDoublingTuplesDoNoHarm() {
    PickleBytes pickle = dict().text("w").op(Opcodes.EMPTY_TUPLE);
    for (int i = 0; i < 200_000; i++) {
      pickle.op(Opcodes.BINPUT).raw(0).op(Opcodes.BINGET).raw(0).op(Opcodes.TUPLE2);
    }
    assertRefused(
        pickle.op(Opcodes.SETITEM).stop(),
        "the pickle holds a tuple of 2 named w, expected a tensor");
  }

  @Test
  void tooManyOpcodesAreRefused() {
    PickleBytes pickle = new PickleBytes();
    for (int i = 0; i < 1_000_001; i++) {
      pickle.op(Opcodes.EMPTY_DICT);
    }
    assertRefused(pickle.stop(), "the pickle has more than 1000000 opcodes");
  }

  @Test
  void lengthsThatLieAreRefused() {
    assertRefused(
        dict().op(Opcodes.BINUNICODE).length(Integer.MAX_VALUE).raw(new byte[10]).stop(),
        "the pickle claims a text of 2147483647 bytes, but 15 are left");
    assertRefused(
        dict().op(Opcodes.BINUNICODE).length(-2).raw(new byte[10]).stop(),
        "the pickle claims a text of 4294967294 bytes, but 15 are left");
    assertRefused(
        dict().op(Opcodes.SHORT_BINUNICODE).raw(200).raw(new byte[10]).stop(),
        "the pickle is broken before byte 16: expected more bytes in input stream");
    assertRefused(
        dict().op(Opcodes.LONG1).raw(200).raw(new byte[10]).stop(),
        "the pickle is broken before byte 16: expected more bytes in input stream");
  }

  @Test
  void brokenPicklesAreRefused() {
    assertRefused(dict().unended(), "the pickle is broken before byte 3: premature end of file");
    assertRefused(new byte[0], "the pickle is broken before byte 0: premature end of file");
    Fixtures.assertRefusedStarting(
        () -> load(new PickleBytes().stop()),
        "pytorch_model.bin: the pickle is broken before byte 3: ");
    Fixtures.assertRefusedStarting(
        () -> load(new PickleBytes().op(Opcodes.TUPLE).stop()),
        "pytorch_model.bin: the pickle is broken before byte 3: ");
    assertRefused(
        new PickleBytes().op(Opcodes.BINGET).raw(9).stop(),
        "the pickle is broken before byte 4: invalid memo key");
    assertRefused(
        new byte[] {(byte) 0x80, 9, '.'},
        "the pickle is broken before byte 2: unsupported pickle protocol: 9");
    Fixtures.assertRefusedStarting(
        () -> load(dict().op(Opcodes.MARK).text("odd").op(Opcodes.SETITEMS).stop()),
        "pytorch_model.bin: the pickle is broken before byte 13: ");
  }
}
