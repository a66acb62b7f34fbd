package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmChatModel;
import java.util.function.Supplier;

/** Makes the builders that {@link PolyLmChatModel#builder()} returns. ServiceLoader finds it. */
public interface PolyLmChatModelBuilderFactory extends Supplier<PolyLmChatModel.Builder> {}
