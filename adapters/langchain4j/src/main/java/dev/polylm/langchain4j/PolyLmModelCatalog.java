package dev.polylm.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.catalog.ModelCatalog;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import dev.polylm.PolyLmException;
import dev.polylm.langchain4j.spi.PolyLmModelCatalogBuilderFactory;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import java.util.List;

/**
 * Lists the models of a place. It reads their manifests and opens no model. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * PolyLmModelCatalog catalog = PolyLmModelCatalog.builder().modelsPath("models").build();
 * catalog.listModels().forEach(model -> System.out.println(model.name()));
 * }</pre>
 */
public class PolyLmModelCatalog implements ModelCatalog {
  private final List<ModelDescription> models;

  /**
   * Creates an instance for a framework's proxy, which passes every call on to a catalog of its
   * own.
   */
  protected PolyLmModelCatalog() {
    this.models = List.of();
  }

  /** Creates what {@link Builder#build()} returns. */
  protected PolyLmModelCatalog(Builder builder) {
    this.models =
        builder.source().byName().entrySet().stream()
            .map(model -> description(model.getKey(), model.getValue()))
            .toList();
  }

  /**
   * Returns a new builder. If the class path holds a factory for builders, the factory makes it.
   */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmModelCatalogBuilderFactory.class, Builder::new);
  }

  private static ModelDescription description(String name, Manifest manifest) {
    ModelDimensions model = manifest.model();
    return ModelDescription.builder()
        .name(name)
        .displayName(name)
        .description(
            "PolyLM: %s layers, hidden size %s, %s tokens, context %s, weights %s, prompt form %s"
                .formatted(
                    model.layers(),
                    model.hiddenSize(),
                    model.vocabSize(),
                    model.contextLength(),
                    manifest.weights(),
                    manifest.promptForm()))
        .provider(ModelProvider.OTHER)
        .type(ModelType.CHAT)
        .maxInputTokens(model.contextLength() - 1)
        .maxOutputTokens(model.contextLength() - 1)
        .build();
  }

  /** Returns the models by name, as they were when the catalog was built. */
  @Override
  public List<ModelDescription> listModels() {
    return models;
  }

  /** Returns OTHER, since LangChain4j has no name for PolyLM. */
  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  /** Collects the place of the models. Not thread-safe. */
  public static class Builder extends PolyLmBuilder<Builder> {
    /** Creates a builder with nothing set; use {@link PolyLmModelCatalog#builder()} instead. */
    public Builder() {}

    /**
     * Reads the manifests.
     *
     * @throws PolyLmException if a manifest can't be read
     * @throws IllegalArgumentException if two places for models are set
     */
    public PolyLmModelCatalog build() {
      return new PolyLmModelCatalog(this);
    }
  }
}
