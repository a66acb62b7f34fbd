package dev.polylm.spark;

import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The file that a task's rows come from. Spark keeps it in a variable of the task, for {@code
 * input_file_name()}, and takes for granted that a row is used before the next is read. A task that
 * reads ahead has to put it back for each row.
 */
final class InputFile {
  private static final Block NONE = new Block(UTF8String.EMPTY_UTF8, -1, -1);

  private Block read = NONE;

  /** A part of a file; {@link #NONE} if rows come from elsewhere. */
  record Block(UTF8String path, long start, long length) {
    boolean isFile() {
      return start >= 0;
    }
  }

  /** Notes the file that is being read. */
  void note() {
    read = found();
  }

  /** Returns the file that is being read. */
  Block read() {
    return read;
  }

  /** Puts back the file that is being read. */
  void putBack() {
    put(read);
  }

  /** Puts back the file of a row, which is used next. */
  static void put(Block file) {
    if (file.equals(found())) {
      return;
    }
    if (file.isFile()) {
      InputFileBlockHolder.set(file.path().toString(), file.start(), file.length());
    } else {
      InputFileBlockHolder.unset();
    }
  }

  private static Block found() {
    return new Block(
        InputFileBlockHolder.getInputFilePath(),
        InputFileBlockHolder.getStartOffset(),
        InputFileBlockHolder.getLength());
  }
}
