package dev.polylm.jakartachat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedEvent;

/**
 * The requests that the engines in another process have ended, read from its flight recording while
 * it is written.
 */
final class EndedRequests implements AutoCloseable {
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final EventStream stream;

  /**
   * A request that has ended.
   *
   * @param end how, one of FINISHED, CANCELLED, TIMED_OUT and FAILED
   * @param steps its decoding steps
   */
  record Ended(String end, int steps) {}

  private EndedRequests(EventStream stream) {
    this.stream = stream;
    stream.onEvent("dev.polylm.Request", event -> ended.add(read(event)));
    stream.startAsync();
  }

  private static Ended read(RecordedEvent event) {
    return new Ended(event.getString("end"), event.getInt("steps"));
  }

  /**
   * What a process of Java must be started with.
   *
   * @param folder where its recording goes
   */
  static List<String> javaOptions(Path folder) {
    return List.of(
        "-XX:FlightRecorderOptions:repository=" + folder, "-XX:StartFlightRecording:name=ended");
  }

  /**
   * Reads the recording of a process that was started with such options.
   *
   * @param folder where its recording goes, without that of any other process
   */
  static EndedRequests of(Path folder) {
    try (Stream<Path> recordings = Files.list(folder)) {
      return new EndedRequests(EventStream.openRepository(recordings.findFirst().orElseThrow()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next request that has ended; the recording tells of it within a second or two. */
  Ended next() throws InterruptedException {
    Ended next = ended.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new IllegalStateException("no request has ended for a minute");
    }
    return next;
  }

  @Override
  public void close() {
    stream.close();
  }
}
