package dev.polylm.langchain4j;

import dev.langchain4j.spi.ServiceHelper;
import java.util.function.Supplier;

/** What the class path may hold to stand in for builders. */
final class BuilderFactories {
  private BuilderFactories() {}

  /**
   * A new builder.
   *
   * @param type of factories, the first of which makes it
   * @param own makes it where there are none
   */
  static <B> B builder(Class<? extends Supplier<B>> type, Supplier<B> own) {
    for (Supplier<B> factory : ServiceHelper.loadFactories(type)) {
      return factory.get();
    }
    return own.get();
  }
}
