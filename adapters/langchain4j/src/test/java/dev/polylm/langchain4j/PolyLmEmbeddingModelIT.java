package dev.polylm.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import java.util.List;

/**
 * LangChain4j's suite for an EmbeddingModel, on polylm-tiny in the engine. Switched off, in each
 * case in favour of the suite's test that the feature is refused:
 *
 * <ul>
 *   <li>supportsInputTypeParameter: no PolyLM was trained to tell queries from documents
 *   <li>supportsDimensionsParameter: no PolyLM was trained so that a part of a vector can stand for
 *       it
 *   <li>supportsImageInput (and with it interleaved input): the models read text only
 * </ul>
 */
class PolyLmEmbeddingModelIT extends AbstractEmbeddingModelIT {
  /** One for each test: JUnit closes the argument of a test that can be closed. */
  @Override
  protected List<EmbeddingModel> models() {
    return List.of(modelWith(List.of()));
  }

  @Override
  protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
    return modelWith(List.of(listener));
  }

  @Override
  protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
    PolyLmEmbeddingModel model = modelWith(List.of(listener));
    model.close();
    return model;
  }

  private static PolyLmEmbeddingModel modelWith(List<EmbeddingModelListener> listeners) {
    return PolyLmEmbeddingModel.builder()
        .modelsPath(TestModels.folder())
        .modelName(TestModels.TINY)
        .listeners(listeners)
        .build();
  }

  @Override
  protected boolean supportsInputTypeParameter() {
    return false;
  }

  @Override
  protected boolean supportsDimensionsParameter() {
    return false;
  }

  @Override
  protected boolean supportsImageInput() {
    return false;
  }
}
