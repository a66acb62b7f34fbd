package dev.polylm.jakarta.cdi;

import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanDisposer;

/** Ends a streaming chat model's calls in flight, and its share of the model. */
public final class StreamingChatModelDisposer
    implements SyntheticBeanDisposer<PolyLmStreamingChatModel> {
  @Override
  public void dispose(
      PolyLmStreamingChatModel model, Instance<Object> lookup, Parameters parameters) {
    model.closeNow();
  }
}
