package dev.polylm.jakarta.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.polylm.PolyLm;
import dev.polylm.jakarta.server.Deployment;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an application leaves behind at its end. */
final class UndeployTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  /** Bytes that the JDK may keep for its own reading of files; a row of the model has 6 MB. */
  private static final long SMALL_BUFFERS = 1 << 16;

  /** An application that uses all that can be injected. */
  @Dependent
  public static class Everything {
    @Inject private PolyLm polyLm;
    @Inject private ChatModel chatModel;
    @Inject private StreamingChatModel streamingChatModel;
  }

  @Test
  void twoDeploymentsLeaveNothingBehind() {
    useAndUndeploy();
    Set<String> threads = threads();
    long directMemory = directMemory();
    long files = openFiles();
    useAndUndeploy();
    assertThat(threads()).isEqualTo(threads).noneMatch(name -> name.startsWith("polylm"));
    assertThat(directMemory()).isLessThan(directMemory + SMALL_BUFFERS);
    assertThat(openFiles()).isLessThanOrEqualTo(files);
  }

  private static void useAndUndeploy() {
    try (Deployment deployment = new Deployment(Map.of(), Everything.class)) {
      Everything everything = deployment.get(Everything.class);
      assertThat(everything.polyLm.generate(PROMPT)).isNotEmpty();
      assertThat(everything.chatModel.chat(PROMPT)).isNotEmpty();
      assertThat(Streamed.text(everything.streamingChatModel, PROMPT)).isNotEmpty();
    }
    awaitCallbacks();
  }

  /** The threads of callbacks and listeners end after the last of them. */
  private static void awaitCallbacks() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (Set.of("polylm-streaming", "polylm-caller").contains(thread.getName())) {
        try {
          thread.join(10_000);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Buffers that no one refers to any more are freed by the garbage collector. */
  private static long directMemory() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      System.gc();
      least = Math.min(least, directMemoryNow());
    }
    return least;
  }

  private static long directMemoryNow() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getOpenFileDescriptorCount()
        : 0;
  }
}
