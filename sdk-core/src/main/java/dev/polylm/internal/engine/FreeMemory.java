package dev.polylm.internal.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/** What memory there is for keys and values. */
final class FreeMemory {
  private static final String LIMIT_OPTION = "MaxDirectMemorySize";

  private FreeMemory() {}

  /**
   * Three quarters of what the machine or container has free and the JVM allows outside the heap.
   *
   * @param least what is given all the same, as files in the system's cache give way; but never
   *     more than the JVM allows
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
    return asked > 0 ? asked : Runtime.getRuntime().maxMemory(); // which is then the limit
  }

  private static long directUsed() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
