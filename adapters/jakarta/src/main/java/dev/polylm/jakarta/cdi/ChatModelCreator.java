package dev.polylm.jakarta.cdi;

import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.langchain4j.PolyLmChatModel;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;

/** Creates a chat model that shares a model, once that model is open. */
public final class ChatModelCreator implements SyntheticBeanCreator<PolyLmChatModel> {
  @Override
  public PolyLmChatModel create(Instance<Object> lookup, Parameters parameters) {
    ServedModel model = ModelOfBean.of(parameters);
    return PolyLmChatModel.builder()
        .polyLm(model.await())
        .generationConfig(model.defaults())
        .build();
  }
}
