package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmEmbeddingModel;
import java.util.function.Supplier;

/**
 * Makes the builders that {@link PolyLmEmbeddingModel#builder()} returns. ServiceLoader finds it.
 */
public interface PolyLmEmbeddingModelBuilderFactory
    extends Supplier<PolyLmEmbeddingModel.Builder> {}
