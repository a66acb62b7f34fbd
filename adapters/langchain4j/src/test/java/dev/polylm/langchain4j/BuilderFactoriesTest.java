package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.langchain4j.spi.PolyLmChatModelBuilderFactory;
import dev.polylm.langchain4j.spi.PolyLmEmbeddingModelBuilderFactory;
import dev.polylm.langchain4j.spi.PolyLmLanguageModelBuilderFactory;
import dev.polylm.langchain4j.spi.PolyLmModelCatalogBuilderFactory;
import dev.polylm.langchain4j.spi.PolyLmScoringModelBuilderFactory;
import dev.polylm.langchain4j.spi.PolyLmStreamingChatModelBuilderFactory;
import dev.polylm.langchain4j.spi.PolyLmStreamingLanguageModelBuilderFactory;
import dev.polylm.langchain4j.spi.PolyLmTokenCountEstimatorBuilderFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A framework's factory stands in for each builder where the class path names one. */
class BuilderFactoriesTest {

  /** What a class path may name, the framework's own, and who asks for it. */
  record Factory(Class<?> service, Class<?> implementation, Supplier<?> builder) {
    static <B, F extends Supplier<? extends B>> Factory of(
        Class<F> service, Class<? extends F> implementation, Supplier<B> builder) {
      return new Factory(service, implementation, builder);
    }
  }

  static List<Factory> factories() {
    return List.of(
        Factory.of(PolyLmChatModelBuilderFactory.class, ChatModels.class, PolyLmChatModel::builder),
        Factory.of(
            PolyLmStreamingChatModelBuilderFactory.class,
            StreamingChatModels.class,
            PolyLmStreamingChatModel::builder),
        Factory.of(
            PolyLmLanguageModelBuilderFactory.class,
            LanguageModels.class,
            PolyLmLanguageModel::builder),
        Factory.of(
            PolyLmStreamingLanguageModelBuilderFactory.class,
            StreamingLanguageModels.class,
            PolyLmStreamingLanguageModel::builder),
        Factory.of(
            PolyLmEmbeddingModelBuilderFactory.class,
            EmbeddingModels.class,
            PolyLmEmbeddingModel::builder),
        Factory.of(
            PolyLmScoringModelBuilderFactory.class,
            ScoringModels.class,
            PolyLmScoringModel::builder),
        Factory.of(
            PolyLmTokenCountEstimatorBuilderFactory.class,
            TokenCountEstimators.class,
            PolyLmTokenCountEstimator::builder),
        Factory.of(
            PolyLmModelCatalogBuilderFactory.class,
            ModelCatalogs.class,
            PolyLmModelCatalog::builder));
  }

  @ParameterizedTest
  @MethodSource("factories")
  void standsInForTheBuilder(Factory factory, @TempDir Path classPath) throws Exception {
    Path services = Files.createDirectories(classPath.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(factory.service().getName()), factory.implementation().getName());
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    try (URLClassLoader withFactory =
        new URLClassLoader(new URL[] {classPath.toUri().toURL()}, loader)) {
      thread.setContextClassLoader(withFactory);
      assertThat(factory.builder().get().getClass().getEnclosingClass())
          .isEqualTo(factory.implementation());
    } finally {
      thread.setContextClassLoader(loader);
    }
    assertThat(factory.builder().get().getClass().getEnclosingClass())
        .isNotEqualTo(factory.implementation());
  }

  public static final class ChatModels implements PolyLmChatModelBuilderFactory {
    @Override
    public PolyLmChatModel.Builder get() {
      return new PolyLmChatModel.Builder() {};
    }
  }

  public static final class StreamingChatModels implements PolyLmStreamingChatModelBuilderFactory {
    @Override
    public PolyLmStreamingChatModel.Builder get() {
      return new PolyLmStreamingChatModel.Builder() {};
    }
  }

  public static final class LanguageModels implements PolyLmLanguageModelBuilderFactory {
    @Override
    public PolyLmLanguageModel.Builder get() {
      return new PolyLmLanguageModel.Builder() {};
    }
  }

  public static final class StreamingLanguageModels
      implements PolyLmStreamingLanguageModelBuilderFactory {
    @Override
    public PolyLmStreamingLanguageModel.Builder get() {
      return new PolyLmStreamingLanguageModel.Builder() {};
    }
  }

  public static final class EmbeddingModels implements PolyLmEmbeddingModelBuilderFactory {
    @Override
    public PolyLmEmbeddingModel.Builder get() {
      return new PolyLmEmbeddingModel.Builder() {};
    }
  }

  public static final class ScoringModels implements PolyLmScoringModelBuilderFactory {
    @Override
    public PolyLmScoringModel.Builder get() {
      return new PolyLmScoringModel.Builder() {};
    }
  }

  public static final class TokenCountEstimators
      implements PolyLmTokenCountEstimatorBuilderFactory {
    @Override
    public PolyLmTokenCountEstimator.Builder get() {
      return new PolyLmTokenCountEstimator.Builder() {};
    }
  }

  public static final class ModelCatalogs implements PolyLmModelCatalogBuilderFactory {
    @Override
    public PolyLmModelCatalog.Builder get() {
      return new PolyLmModelCatalog.Builder() {};
    }
  }
}
