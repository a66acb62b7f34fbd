package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmScoringModel;
import java.util.function.Supplier;

/** Makes the builders that {@link PolyLmScoringModel#builder()} returns. ServiceLoader finds it. */
public interface PolyLmScoringModelBuilderFactory extends Supplier<PolyLmScoringModel.Builder> {}
