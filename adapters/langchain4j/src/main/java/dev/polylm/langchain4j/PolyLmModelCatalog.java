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
 * Lists the models of a place, by what their manifests say; none is opened. Immutable and
 * thread-safe.
 *
 * <pre>{@code
 * PolyLmModelCatalog catalog = PolyLmModelCatalog.builder().modelsPath("models").build();
 * catalog.listModels().forEach(model -> System.out.println(model.name()));
 * }</pre>
 */
public class PolyLmModelCatalog implements ModelCatalog {
  private final List<ModelDescription> models;

  /** For proxies of frameworks, which pass every call on to a catalog of their own. */
  protected PolyLmModelCatalog() {
    this.models = List.of();
  }

  /** As {@link Builder#build()}. */
  protected PolyLmModelCatalog(Builder builder) {
    this.models =
        builder.source().manifests().values().stream()
            .map(PolyLmModelCatalog::description)
            .toList();
  }

  /** A builder, of a factory that the class path holds where it holds one. */
  public static Builder builder() {
    return BuilderFactories.builder(PolyLmModelCatalogBuilderFactory.class, Builder::new);
  }

  private static ModelDescription description(Manifest manifest) {
    ModelDimensions model = manifest.model();
    return ModelDescription.builder()
        .name(manifest.name())
        .displayName(manifest.name())
        .description(
            "PolyLM: %d layers, hidden size %d, %d tokens, context %d, weights %s, prompt form %s"
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

  /** The models by name, as they were when the catalog was built. */
  @Override
  public List<ModelDescription> listModels() {
    return models;
  }

  /** OTHER, since LangChain4j names no PolyLM. */
  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }

  /** Collects where the models are. Not thread-safe. */
  public static class Builder extends PolyLmBuilder<Builder> {
    /** Nothing set; {@link PolyLmModelCatalog#builder()} is the usual way. */
    public Builder() {}

    /**
     * Reads the manifests.
     *
     * @throws PolyLmException if one can't be read
     * @throws IllegalArgumentException if two places for models are set
     */
    public PolyLmModelCatalog build() {
      return new PolyLmModelCatalog(this);
    }
  }
}
