package dev.polylm.export;

import dev.polylm.PolyLmException;
import dev.polylm.export.adapter.LoraAdapter;
import dev.polylm.internal.adapter.AdapterMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a PEFT LoRA adapter into a file that models load at run time.
 *
 * <pre>{@code
 * AdapterExporter.export(Path.of("my-lora"), Path.of("my-lora.adapter"), false);
 * }</pre>
 */
public final class AdapterExporter {
  private AdapterExporter() {}

  /**
   * What an export wrote.
   *
   * @param matrices how many of the model's matrices the adapter changes
   * @param rank the highest rank of these changes
   * @param bytes the size of the file
   * @param warnings what the adapter's files have without effect, a sentence each
   */
  public record Report(int matrices, int rank, long bytes, List<String> warnings) {}

  /**
   * Exports an adapter. The file takes its name only when it is complete.
   *
   * @param adapter the folder with adapter_config.json and adapter_model.safetensors or .bin
   * @param force whether the file may replace another
   * @throws PolyLmException if the folder holds no LoRA adapter, the adapter changes what can't
   *     change at run time, or the file can't be written
   */
  public static Report export(Path adapter, Path output, boolean force) {
    if (Files.exists(output) && !force) {
      throw new PolyLmException(output + ": exists already, expected a new file or force");
    }
    try (LoraAdapter lora = LoraAdapter.open(adapter)) {
      List<AdapterMatrix.Shape> shapes = lora.write(output);
      int rank = shapes.stream().mapToInt(AdapterMatrix.Shape::rank).max().orElseThrow();
      List<String> warnings = new ArrayList<>(lora.warnings());
      warnings.addAll(lora.leftOut());
      return new Report(shapes.size(), rank, Files.size(output), warnings);
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be read: %s".formatted(output, e), e);
    }
  }
}
