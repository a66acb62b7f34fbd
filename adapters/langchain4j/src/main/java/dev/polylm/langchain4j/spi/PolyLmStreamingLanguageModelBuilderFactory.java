package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmStreamingLanguageModel;
import java.util.function.Supplier;

/**
 * Makes the builders that {@link PolyLmStreamingLanguageModel#builder()} gives; found by
 * ServiceLoader.
 */
public interface PolyLmStreamingLanguageModelBuilderFactory
    extends Supplier<PolyLmStreamingLanguageModel.Builder> {}
