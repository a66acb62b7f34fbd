package dev.polylm.internal.saved;

import dev.polylm.PolyLmException;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of a prompt's beginning: a {@link SavedFile} of {@link Contents}. After them come the
 * number of ids, an int, and their keys and values.
 */
public final class PrefixFile {
  private static final SavedFile FORM = new SavedFile("PolyLM prefix", "saved prefix");

  private static final String WHAT_IS_KEPT =
      "prefixReuse must be on, a prefix has at least 16 ids, and all fit half of keyValueBytes";

  private PrefixFile() {}

  /**
   * @param model identifies the model by its files
   * @param ids the ids of the beginning
   */
  @SuppressWarnings("ArrayRecordComponent") // written and read, never compared
  private record Contents(@Nullable Map<String, FileFacts> model, int @Nullable [] ids) {}

  /**
   * Writes ids and their keys and values.
   *
   * @throws PolyLmException if the model keeps none for all of the ids, or the file can't be
   *     written
   */
  public static void write(Path file, Manifest manifest, int[] ids, KeysAndValues keysAndValues) {
    FORM.write(
        file,
        new Contents(manifest.files(), ids),
        out -> {
          int known = keysAndValues.write(ids, out);
          if (known < ids.length) {
            throw new PolyLmException(
                "the model keeps %s of the prefix's %s ids, must keep all: %s"
                    .formatted(known, ids.length, WHAT_IS_KEPT));
          }
        });
  }

  /**
   * Reads what {@link #write} wrote for the same model, and keeps it.
   *
   * @throws PolyLmException if the file can't be read, is damaged, or was saved by another model,
   *     or the model does not keep what is in it
   */
  public static void read(Path file, Manifest manifest, KeysAndValues keysAndValues) {
    FORM.<Contents, Boolean>read(
        file,
        Contents.class,
        (contents, in) -> {
          if (contents == null || contents.model == null || contents.ids == null) {
            throw new PolyLmException(file + ": lacks one of model and ids");
          }
          if (!contents.model.equals(manifest.files())) {
            throw new PolyLmException(
                "%s: was saved by another model, expected one with the files of %s"
                    .formatted(file, manifest.name()));
          }
          check(file, contents.ids, manifest);
          if (!keysAndValues.read(contents.ids, in)) {
            throw new PolyLmException(
                "%s: the model does not keep its %s ids: %s"
                    .formatted(file, contents.ids.length, WHAT_IS_KEPT));
          }
          return true;
        });
  }

  private static void check(Path file, int[] ids, Manifest manifest) {
    int contextLength = manifest.model().contextLength();
    if (ids.length < 1 || ids.length > contextLength) {
      throw new PolyLmException(
          "%s: has %s ids, expected 1 to %s, the model's context"
              .formatted(file, ids.length, contextLength));
    }
    manifest.model().checkIds(ids);
  }
}
