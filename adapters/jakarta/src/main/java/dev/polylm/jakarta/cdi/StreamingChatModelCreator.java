package dev.polylm.jakarta.cdi;

import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;

/** Creates a streaming chat model that shares a model, once that model is open. */
public final class StreamingChatModelCreator
    implements SyntheticBeanCreator<PolyLmStreamingChatModel> {
  @Override
  public PolyLmStreamingChatModel create(Instance<Object> lookup, Parameters parameters) {
    ServedModel model = ModelOfBean.of(parameters);
    return PolyLmStreamingChatModel.builder()
        .polyLm(model.await())
        .generationConfig(model.defaults())
        .build();
  }
}
