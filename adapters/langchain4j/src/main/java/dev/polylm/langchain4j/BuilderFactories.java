package dev.polylm.langchain4j;

import dev.langchain4j.spi.ServiceHelper;
import java.util.function.Supplier;

/** Finds factories on the class path that replace the builders. */
final class BuilderFactories {
  private BuilderFactories() {}

  /**
   * Returns a new builder.
   *
   * @param type the type of the factories; the first one found makes the builder
   * @param own makes the builder if there is no factory
   */
  static <B> B builder(Class<? extends Supplier<B>> type, Supplier<B> own) {
    for (Supplier<B> factory : ServiceHelper.loadFactories(type)) {
      return factory.get();
    }
    return own.get();
  }
}
