package dev.polylm.jakarta.cdi;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.polylm.langchain4j.PolyLmChatModel;
import dev.polylm.langchain4j.PolyLmStreamingChatModel;
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
}
