package dev.polylm.langchain4j.spi;

import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import java.util.function.Supplier;

/**
 * Makes the builders that {@link PolyLmStreamingChatModel#builder()} returns. ServiceLoader finds
 * it.
 */
public interface PolyLmStreamingChatModelBuilderFactory
    extends Supplier<PolyLmStreamingChatModel.Builder> {}
