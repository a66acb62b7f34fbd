package dev.polylm.assistant;

import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;

/** The AI service. Its messages are those in PolyLM's model cards. */
interface Translator {
  /** Translates a text. */
  @UserMessage("{{text}}\nTranslate this sentence from {{from}} to {{to}}.")
  TokenStream translate(
      @MemoryId int conversation,
      @V("text") String text,
      @V("from") String from,
      @V("to") String to);

  /** Translates the text of an earlier turn, which is only in the memory. */
  @UserMessage("Translate this sentence from {{from}} to {{to}}.")
  TokenStream again(@MemoryId int conversation, @V("from") String from, @V("to") String to);
}
