package dev.polylm.benchmarks;

import dev.polylm.export.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes a checkpoint of random bf16 weights, to measure exports with.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.MakeCheckpoint DIR LAYERS HIDDEN HEADS VOCABULARY POSITIONS
 * [safetensors|bin] [SHARDS]}; without the last two it writes one safetensors file. PolyLM 1.7B is
 * 24 2048 16 256000 2048, 13B is 40 5120 40 256000 2048.
 */
final class MakeCheckpoint {
  private MakeCheckpoint() {}

  public static void main(String[] args) throws IOException {
    RandomCheckpoint.Size size =
        new RandomCheckpoint.Size(
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            Integer.parseInt(args[3]),
            Integer.parseInt(args[4]),
            Integer.parseInt(args[5]));
    boolean torch = args.length > 6 && args[6].equals("bin");
    int shards = args.length > 7 ? Integer.parseInt(args[7]) : 1;
    RandomCheckpoint.write(Path.of(args[0]), size, torch, shards);
  }
}
