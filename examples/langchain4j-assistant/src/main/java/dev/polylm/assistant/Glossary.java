package dev.polylm.assistant;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.polylm.prompt.Language;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An embedding store of sentences in 18 languages. If a message asks for the translation of a term,
 * the glossary replaces the term by the sentence in the same language that has most in common with
 * it.
 */
final class Glossary {
  private static final String LANGUAGE = "language";
  private static final double MIN_SCORE =
      0.55; // cosine 0.1; LangChain4j's score is (1 + cosine) / 2
  private static final Pattern REQUEST =
      Pattern.compile(
          "(?s)(?<term>.*)(?<ask>\nTranslate this sentence from (?<language>\\w+) to .*)");

  private final EmbeddingModel embeddingModel = new NgramEmbeddingModel();
  private final EmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

  Glossary() {
    List<TextSegment> segments = read();
    store.addAll(embeddingModel.embedAll(segments).content(), segments);
  }

  private static List<TextSegment> read() {
    List<TextSegment> segments = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
      String[] codes = Objects.requireNonNull(lines.readLine()).split("\t", -1);
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] texts = line.split("\t", -1);
        for (int i = 0; i < codes.length; i++) {
          String language = Language.of(codes[i]).englishName();
          segments.add(TextSegment.from(texts[i], Metadata.from(LANGUAGE, language)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return segments;
  }

  private static InputStream open() {
    return Objects.requireNonNull(Glossary.class.getResourceAsStream("glossary.tsv"));
  }

  /** Replaces terms by sentences. */
  RetrievalAugmentor augmentor() {
    return DefaultRetrievalAugmentor.builder()
        .queryTransformer(
            query -> List.of(Query.from(request(query).group("term"), query.metadata())))
        .contentRetriever(retriever())
        .contentInjector(Glossary::inject)
        .build();
  }

  private ContentRetriever retriever() {
    return EmbeddingStoreContentRetriever.builder()
        .embeddingModel(embeddingModel)
        .embeddingStore(store)
        .maxResults(1)
        .minScore(MIN_SCORE)
        .dynamicFilter(query -> metadataKey(LANGUAGE).isEqualTo(language(query)))
        .build();
  }

  private static String language(Query query) {
    return request(query.metadata().chatMessage()).group("language");
  }

  private static Matcher request(Query query) {
    return request(query.metadata().chatMessage());
  }

  private static Matcher request(ChatMessage message) {
    String text = ((UserMessage) message).singleText();
    Matcher matcher = REQUEST.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"%s\" asks for no translation".formatted(text));
    }
    return matcher;
  }

  private static ChatMessage inject(List<Content> contents, ChatMessage message) {
    if (contents.isEmpty()) {
      return message;
    }
    return UserMessage.from(contents.get(0).textSegment().text() + request(message).group("ask"));
  }
}
