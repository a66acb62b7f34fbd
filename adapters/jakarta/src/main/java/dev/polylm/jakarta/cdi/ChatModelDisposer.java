package dev.polylm.jakarta.cdi;

import dev.polylm.langchain4j.PolyLmChatModel;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanDisposer;

/** Ends a chat model's calls in flight, and its share of the model. */
public final class ChatModelDisposer implements SyntheticBeanDisposer<PolyLmChatModel> {
  @Override
  public void dispose(PolyLmChatModel model, Instance<Object> lookup, Parameters parameters) {
    model.closeNow();
  }
}
