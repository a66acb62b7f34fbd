package dev.polylm.assistant;

import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;

/** The AI service; its messages are those that the model cards of PolyLM show. */
interface Translator {
  /** Translates a text. */
  @UserMessage("{{text}}\nTranslate this sentence from {{from}} to {{to}}.")
  TokenStream translate(
      @MemoryId int conversation,
      @V("text") String text,
      @V("from") String from,
      @V("to") String to);

  /** Translates the text of an earlier turn, which only the memory holds. */
  @UserMessage("Translate this sentence from {{from}} to {{to}}.")
  TokenStream again(@MemoryId int conversation, @V("from") String from, @V("to") String to);
}
