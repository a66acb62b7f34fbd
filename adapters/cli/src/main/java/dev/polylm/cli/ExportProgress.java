package dev.polylm.cli;

import dev.polylm.export.ExportListener;

/** Shows the progress of an export: a bar for writing, then one for the verification. */
final class ExportProgress implements ExportListener, AutoCloseable {
  private final Streams streams;
  private Progress bar;
  private long bytesDone;
  private boolean verifying;

  ExportProgress(Streams streams) {
    this.streams = streams;
    this.bar = Progress.of(streams, "", -1);
  }

  @Override
  public void bytesWritten(String tensor, long bytesDone, long bytesTotal) {
    this.bytesDone = bytesDone;
    bar.total(bytesTotal);
    bar.show(bytesDone, tensor);
  }

  @Override
  public void readingTexts() {
    bar.show(bytesDone, "reading texts");
  }

  @Override
  public void calibrating(int layer, int layersTotal) {
    bar.show(bytesDone, "calibrating h." + layer);
  }

  @Override
  public void verified(int stepsDone, int stepsTotal) {
    if (!verifying) {
      verifying = true;
      bar.close();
      bar = Progress.ofSteps(streams, "Verifying", stepsTotal);
    }
    bar.show(stepsDone, "");
  }

  @Override
  public void close() {
    bar.close();
  }
}
