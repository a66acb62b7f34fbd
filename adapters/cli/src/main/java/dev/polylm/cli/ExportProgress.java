package dev.polylm.cli;

import dev.polylm.export.ExportListener;

/** Shows the progress of an export: first of writing, then of the verification. */
final class ExportProgress implements ExportListener, AutoCloseable {
  private final Streams streams;
  private Progress progress;
  private long bytesDone;
  private boolean verifying;

  ExportProgress(Streams streams) {
    this.streams = streams;
    this.progress = Progress.ofBytes(streams, "", -1);
  }

  @Override
  public void bytesWritten(String tensor, long bytesDone, long bytesTotal) {
    this.bytesDone = bytesDone;
    progress.total(bytesTotal);
    progress.show(bytesDone, tensor);
  }

  @Override
  public void readingTexts() {
    progress.show(bytesDone, "reading texts");
  }

  @Override
  public void calibrating(int layer, int layersTotal) {
    progress.show(bytesDone, "calibrating h." + layer);
  }

  @Override
  public void verified(int stepsDone, int stepsTotal) {
    if (!verifying) {
      verifying = true;
      progress.close();
      progress = Progress.ofItems(streams, "Verifying", "steps", stepsTotal);
    }
    progress.show(stepsDone, "");
  }

  @Override
  public void close() {
    progress.close();
  }
}
