package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmStreamingLanguageModel;
import java.util.function.Supplier;

/**
 * Makes the builders that {@link PolyLmStreamingLanguageModel#builder()} returns. ServiceLoader
 * finds it.
 */
public interface PolyLmStreamingLanguageModelBuilderFactory
    extends Supplier<PolyLmStreamingLanguageModel.Builder> {}
