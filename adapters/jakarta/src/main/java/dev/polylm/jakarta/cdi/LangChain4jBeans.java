package dev.polylm.jakarta.cdi;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.langchain4j.PolyLmChatModel;
import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanDisposer;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticComponents;

/**
 * Adds the beans of LangChain4j's types. Only this class names those types, so that an application
 * without LangChain4j need not load them.
 */
final class LangChain4jBeans {
  private LangChain4jBeans() {}

  /** Adds the beans of one model. */
  static void add(SyntheticComponents components, String name, boolean isDefault) {
    PolyLmExtension.bean(components, PolyLmChatModel.class, name, isDefault)
        .type(ChatModel.class)
        .createWith(ChatModelCreator.class)
        .disposeWith(ChatModelDisposer.class);
    PolyLmExtension.bean(components, PolyLmStreamingChatModel.class, name, isDefault)
        .type(StreamingChatModel.class)
        .createWith(StreamingChatModelCreator.class)
        .disposeWith(StreamingChatModelDisposer.class);
  }

  /** Creates a chat model that shares a model, once that model is open. */
  public static final class ChatModelCreator implements SyntheticBeanCreator<PolyLmChatModel> {
    @Override
    public PolyLmChatModel create(Instance<Object> lookup, Parameters parameters) {
      ServedModel model = ModelOfBean.of(parameters);
      return PolyLmChatModel.builder()
          .polyLm(model.await())
          .generationConfig(model.defaults())
          .loadedAdapters(ModelOfBean.adapters(model))
          .build();
    }
  }

  /** Ends a chat model's calls in flight, and its share of the model. */
  public static final class ChatModelDisposer implements SyntheticBeanDisposer<PolyLmChatModel> {
    @Override
    public void dispose(PolyLmChatModel model, Instance<Object> lookup, Parameters parameters) {
      model.closeNow();
    }
  }

  /** Creates a streaming chat model that shares a model, once that model is open. */
  public static final class StreamingChatModelCreator
      implements SyntheticBeanCreator<PolyLmStreamingChatModel> {
    @Override
    public PolyLmStreamingChatModel create(Instance<Object> lookup, Parameters parameters) {
      ServedModel model = ModelOfBean.of(parameters);
      return PolyLmStreamingChatModel.builder()
          .polyLm(model.await())
          .generationConfig(model.defaults())
          .loadedAdapters(ModelOfBean.adapters(model))
          .build();
    }
  }

  /** Ends a streaming chat model's calls in flight, and its share of the model. */
  public static final class StreamingChatModelDisposer
      implements SyntheticBeanDisposer<PolyLmStreamingChatModel> {
    @Override
    public void dispose(
        PolyLmStreamingChatModel model, Instance<Object> lookup, Parameters parameters) {
      model.closeNow();
    }
  }
}
