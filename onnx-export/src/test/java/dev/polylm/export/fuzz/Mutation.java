package dev.polylm.export.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Breaks a file a little. */
@FunctionalInterface
interface Mutation {

  /**
   * Changes the file, so that the same random numbers change it in the same way.
   *
   * @param file is there
   */
  void apply(Path file, Random random) throws IOException;

  /** A change of a file's contents. */
  @FunctionalInterface
  interface OfContent {
    byte[] apply(byte[] content, Random random);

    /** The change of a file that this change of its contents is. */
    default Mutation ofFile() {
      return (file, random) -> Files.write(file, apply(Files.readAllBytes(file), random));
    }
  }
}
