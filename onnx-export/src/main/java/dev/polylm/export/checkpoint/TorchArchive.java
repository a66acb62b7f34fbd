package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.WeightFile;
import dev.polylm.internal.untrusted.Quoted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The zip that {@code torch.save} has written since PyTorch 1.6: {@code NAME/data.pkl}, {@code
 * NAME/data/KEY} for each storage, {@code NAME/version} and maybe {@code NAME/byteorder}. Nothing
 * in it is compressed, so an entry is a range of the file. See
 * https://github.com/pytorch/pytorch/blob/v2.7.0/torch/serialization.py.
 */
final class TorchArchive implements TorchTensor.Storages {
  /** A directory entry takes about 150 bytes; a checkpoint has about one for each tensor. */
  private static final long MAX_DIRECTORY_BYTES = 8 << 20;

  private static final long MAX_PICKLE_BYTES = 64 << 20;
  private static final long MAX_TEXT_BYTES = 16;
  private static final String PICKLE = "/data.pkl";

  /** kMinSupportedFileFormatVersion and kMaxSupportedFileFormatVersion of PyTorch 2.x. */
  private static final int MIN_VERSION = 1;

  private static final int MAX_VERSION = 10;

  private static final int ZIP_MAGIC = 0x04034b50;

  private final WeightFile file;
  private final Map<String, Range> entries = new HashMap<>();
  private String prefix = "";

  private TorchArchive(WeightFile file) {
    this.file = file;
  }

  static TorchArchive open(WeightFile file) {
    TorchArchive archive = new TorchArchive(file);
    archive.checkMagic();
    archive.readDirectory();
    archive.prefix = archive.findPrefix();
    return archive;
  }

  private void readDirectory() {
    try (ZipFile zip =
        ZipFile.builder()
            .setSeekableByteChannel(new BudgetedChannel(file, MAX_DIRECTORY_BYTES))
            .get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        add(entry);
      }
    } catch (PolyLmException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library reports some broken directories with unchecked exceptions.
      throw new PolyLmException(file.name() + ": is not a valid zip file: " + reason(e), e);
    }
  }

  /** The library wraps the error that it found. */
  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause.getMessage() != null) {
      return Quoted.of(cause.getMessage());
    }
    return cause instanceof EOFException
        ? "it ends before its directory does"
        : "its directory is broken (%s)".formatted(cause.getClass().getSimpleName());
  }

  private void checkMagic() {
    ByteBuffer start = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    if (file.size() >= start.capacity()) {
      file.read(start, 0);
    }
    if (start.getInt(0) != ZIP_MAGIC) {
      throw bad("is not a zip file, expected what torch.save writes");
    }
  }

  private void add(ZipArchiveEntry entry) {
    String name = Quoted.of(entry.getName());
    if (entry.getMethod() != ZipEntry.STORED || entry.getGeneralPurposeBit().usesEncryption()) {
      throw bad("entry " + name + " is compressed or encrypted, expected stored as it is");
    }
    long position = entry.getDataOffset();
    long size = entry.getSize();
    if (size != entry.getCompressedSize()) {
      throw bad(
          "entry %s has %s bytes, and %s stored; expected the same number"
              .formatted(name, size, entry.getCompressedSize()));
    }
    // The library refuses negative sizes, but accepts a sum that overflows.
    if (size > file.size() - position) {
      throw bad(
          "entry %s has %s bytes from byte %s, but the file has %s"
              .formatted(name, size, position, file.size()));
    }
    if (entries.put(entry.getName(), new Range(position, size)) != null) {
      throw bad("has two entries " + name);
    }
  }

  private String findPrefix() {
    List<String> pickles =
        entries.keySet().stream()
            .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
            .toList();
    if (pickles.size() != 1) {
      throw bad("has " + pickles.size() + " entries data.pkl, expected one");
    }
    String name = pickles.get(0);
    return name.substring(0, name.length() - PICKLE.length());
  }

  /** Checks the archive's form and reads its pickle. */
  byte[] pickle() {
    String byteOrder = text("/byteorder", "little");
    if (!byteOrder.equals("little")) {
      throw bad("has byteorder " + Quoted.of(byteOrder) + ", expected little");
    }
    String version = text("/version", String.valueOf(MIN_VERSION));
    if (!version.matches("\\d{1,3}")
        || Integer.parseInt(version) < MIN_VERSION
        || Integer.parseInt(version) > MAX_VERSION) {
      throw bad(
          "has version %s, expected %s to %s"
              .formatted(Quoted.of(version), MIN_VERSION, MAX_VERSION));
    }
    return bytes(PICKLE, entry(PICKLE, "expected the pickle"), MAX_PICKLE_BYTES);
  }

  @Override
  public Range storage(String key) {
    return entry("/data/" + key, "which its pickle names");
  }

  private Range entry(String name, String why) {
    Range range = entries.get(prefix + name);
    if (range == null) {
      throw bad("has no entry " + Quoted.of(prefix + name) + ", " + why);
    }
    return range;
  }

  private String text(String name, String whereAbsent) {
    Range range = entries.get(prefix + name);
    return range == null
        ? whereAbsent
        : new String(bytes(name, range, MAX_TEXT_BYTES), StandardCharsets.UTF_8).strip();
  }

  private byte[] bytes(String name, Range range, long max) {
    if (range.size() > max) {
      throw bad(
          "entry %s has %s bytes, expected up to %s"
              .formatted(Quoted.of(prefix + name), range.size(), max));
    }
    ByteBuffer content = ByteBuffer.allocate((int) range.size());
    file.read(content, range.position());
    return content.array();
  }

  private PolyLmException bad(String what) {
    return new PolyLmException(file.name() + ": " + what);
  }
}
