package dev.polylm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.polylm.PolyLm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Measures what it costs to open a model: for the first time in a process, and again when the
 * libraries are loaded and the code is compiled. Run it in its own process.
 */
public final class OpeningBenchmark {
  private OpeningBenchmark() {}

  /**
   * Opens a model twice and prints what it costs.
   *
   * @param arguments the folder of an exported model
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    System.out.println("first: " + measure(() -> PolyLm.open(directory)));
    System.out.println("again: " + measure(() -> PolyLm.open(directory)));
  }

  /**
   * What an opening costs.
   *
   * @param seconds by the clock
   * @param computed the seconds that all threads of the process computed, its compiler's included
   * @param megabytes how much memory of the process is resident while the model is open (Linux)
   */
  record Cost(double seconds, double computed, long megabytes) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%.2f s, computed %.2f s, %d MB resident", seconds, computed, megabytes);
    }
  }

  static Cost measure(Supplier<PolyLm> opening) throws IOException {
    double before = processSeconds();
    long start = System.nanoTime();
    PolyLm polyLm = opening.get();
    double seconds = (System.nanoTime() - start) / 1e9;
    double computed = processSeconds() - before;
    long resident = TokenizerBenchmark.residentMegabytes();
    polyLm.close();
    return new Cost(seconds, computed, resident);
  }

  private static double processSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }
}
