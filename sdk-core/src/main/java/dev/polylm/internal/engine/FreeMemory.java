package dev.polylm.internal.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** Finds how much memory is free for keys and values. */
final class FreeMemory {
  private static final String LIMIT_OPTION = "MaxDirectMemorySize";

  private FreeMemory() {}

  /**
   * Returns three quarters of the memory that the machine or container has free, but no more than
   * the JVM allows outside the heap.
   *
   * @param least the least result, because the system can drop its file cache; but never more than
   *     the JVM allows
   */
  static long forKeysAndValues(long least) {
    long free =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
    long allowed = directLimit() - directUsed();
    return Math.min(Math.max(free / 4 * 3, least), allowed / 4 * 3);
  }

  private static long directLimit() {
    long asked =
        Long.parseLong(
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption(LIMIT_OPTION)
                .getValue());
    return asked > 0 ? asked : Runtime.getRuntime().maxMemory(); // then this is the limit
  }

  private static long directUsed() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
