package dev.polylm.export.checkpoint;

import dev.polylm.export.tensor.WeightFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * The channel through which a zip's directory is read from a weight file. It returns a limited
 * number of bytes, so that a directory that claims millions of entries ends in an error, not in a
 * full heap. Closing it leaves the file open.
 */
final class BudgetedChannel implements SeekableByteChannel {
  private final WeightFile file;
  private long budget;
  private long position;

  BudgetedChannel(WeightFile file, long budget) {
    this.file = file;
    this.budget = budget;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (position >= file.size()) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), file.size() - position);
    budget -= count;
    if (budget < 0) {
      throw new IOException("the directory is too large");
    }
    file.read(target.limit(target.position() + count), position);
    position += count;
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    if (newPosition < 0) {
      throw new IOException("the directory points to byte " + newPosition);
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // The checkpoint closes the file.
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }
}
