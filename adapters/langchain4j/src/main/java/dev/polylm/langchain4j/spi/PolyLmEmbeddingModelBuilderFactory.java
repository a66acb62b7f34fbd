package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmEmbeddingModel;
import java.util.function.Supplier;

/** Makes the builders that {@link PolyLmEmbeddingModel#builder()} gives; found by ServiceLoader. */
public interface PolyLmEmbeddingModelBuilderFactory
    extends Supplier<PolyLmEmbeddingModel.Builder> {}
