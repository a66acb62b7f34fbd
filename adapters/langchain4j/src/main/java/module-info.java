/**
 * Makes PolyLM a provider of LangChain4j's models. Begin with {@link
 * dev.polylm.langchain4j.PolyLmChatModel}.
 */
// langchain4j-core states no module name, so it gets the name of its file. Its types are part of
// this module's API.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.polylm.langchain4j {
  requires transitive dev.polylm;
  requires transitive langchain4j.core;
  requires transitive static org.jspecify;
  requires org.slf4j;

  exports dev.polylm.langchain4j;
  exports dev.polylm.langchain4j.spi;

  uses dev.polylm.langchain4j.spi.PolyLmChatModelBuilderFactory;
  uses dev.polylm.langchain4j.spi.PolyLmEmbeddingModelBuilderFactory;
  uses dev.polylm.langchain4j.spi.PolyLmLanguageModelBuilderFactory;
  uses dev.polylm.langchain4j.spi.PolyLmModelCatalogBuilderFactory;
  uses dev.polylm.langchain4j.spi.PolyLmScoringModelBuilderFactory;
  uses dev.polylm.langchain4j.spi.PolyLmStreamingChatModelBuilderFactory;
  uses dev.polylm.langchain4j.spi.PolyLmStreamingLanguageModelBuilderFactory;
  uses dev.polylm.langchain4j.spi.PolyLmTokenCountEstimatorBuilderFactory;
}
