package dev.polylm.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.catalog.AbstractModelCatalogIT;
import dev.langchain4j.model.catalog.ModelCatalog;

/** LangChain4j's suite for a ModelCatalog; nothing is switched off. */
class PolyLmModelCatalogIT extends AbstractModelCatalogIT {
  @Override
  protected ModelCatalog createModelCatalog() {
    return PolyLmModelCatalog.builder().modelsPath(TestModels.folder()).build();
  }

  @Override
  protected ModelProvider expectedProvider() {
    return ModelProvider.OTHER;
  }
}
