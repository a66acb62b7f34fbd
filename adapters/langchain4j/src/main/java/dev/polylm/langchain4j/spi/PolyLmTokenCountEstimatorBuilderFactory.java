package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmTokenCountEstimator;
import java.util.function.Supplier;

/**
 * Makes the builders that {@link PolyLmTokenCountEstimator#builder()} returns. ServiceLoader finds
 * it.
 */
public interface PolyLmTokenCountEstimatorBuilderFactory
    extends Supplier<PolyLmTokenCountEstimator.Builder> {}
