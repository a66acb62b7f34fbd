package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmModelCatalog;
import java.util.function.Supplier;

/** Makes the builders that {@link PolyLmModelCatalog#builder()} returns. ServiceLoader finds it. */
public interface PolyLmModelCatalogBuilderFactory extends Supplier<PolyLmModelCatalog.Builder> {}
