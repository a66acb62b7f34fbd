package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmLanguageModel;
import java.util.function.Supplier;

/**
 * Makes the builders that {@link PolyLmLanguageModel#builder()} returns. ServiceLoader finds it.
 */
public interface PolyLmLanguageModelBuilderFactory extends Supplier<PolyLmLanguageModel.Builder> {}
