package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.BpeMerges.Merge;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.internal.untrusted.Quoted;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents of a checkpoint's tokenizer.json, in the forms that transformers 4 and 5 write for
 * LlamaTokenizer. How texts are cut is checked only when it is asked for.
 *
 * @param model the pieces; those of BPE have no scores
 * @param merges by rank, none for unigram
 * @param added the tokens that were added to the pieces, or that are more than pieces
 */
record TokenizerFile(
    SentencePieceModel model,
    List<Merge> merges,
    List<AddedToken> added,
    JsonNode normalizer,
    JsonNode preTokenizer,
    JsonNode postProcessor) {
  private static final String BOUNDARY = "\u2581";

  /**
   * An entry of {@code added_tokens}.
   *
   * @param special whether it is not part of texts; otherwise it is a word
   */
  record AddedToken(String content, int id, boolean special) {}

  /** The places where a text gets its dummy prefix. */
  enum Prefix {
    /** Before the text, unless it begins with a space. */
    FIRST,
    /** Before each part of a text between special tokens, unless it begins with a space. */
    ALWAYS,
    /** Before each part of a text between special tokens, whatever it begins with. */
    PREPENDED
  }

  /**
   * @throws PolyLmException if texts are cut in another way than by LlamaTokenizer
   */
  Prefix prefix() {
    if (preTokenizer.isNull() && isPrepending()) {
      return Prefix.PREPENDED;
    }
    if (!normalizer.isNull()) {
      throw new PolyLmException(
          "normalizer is %s beside the pre_tokenizer %s, expected null and Metaspace, as"
                  .formatted(type(normalizer), type(preTokenizer))
              + " LlamaTokenizer has it");
    }
    boolean metaspace =
        preTokenizer.path("type").asText().equals("Metaspace")
            && preTokenizer.path("replacement").asText().equals(BOUNDARY)
            && !preTokenizer.path("split").asBoolean(true);
    String scheme = preTokenizer.path("prepend_scheme").asText();
    if (!metaspace || !(scheme.equals("first") || scheme.equals("always"))) {
      throw new PolyLmException(
          "pre_tokenizer is %s, expected Metaspace with prepend_scheme first or always, without"
                  .formatted(Quoted.of(preTokenizer))
              + " split");
    }
    return scheme.equals("first") ? Prefix.FIRST : Prefix.ALWAYS;
  }

  /** The normalizer of {@code legacy} in transformers 4: Prepend, then Replace. */
  private boolean isPrepending() {
    JsonNode steps = normalizer.path("normalizers");
    return steps.size() == 2
        && steps.at("/0/type").asText().equals("Prepend")
        && steps.at("/0/prepend").asText().equals(BOUNDARY)
        && steps.at("/1/type").asText().equals("Replace")
        && steps.at("/1/pattern/String").asText().equals(" ")
        && steps.at("/1/content").asText().equals(BOUNDARY);
  }

  /**
   * Returns the special tokens that the post-processor puts before a text.
   *
   * @throws PolyLmException if it is not one of LlamaTokenizer's post-processors
   */
  List<String> before() {
    return around().get(0);
  }

  /** Returns the special tokens that it puts after a text. */
  List<String> behind() {
    return around().get(1);
  }

  private List<List<String>> around() {
    List<String> before = new ArrayList<>();
    List<String> behind = new ArrayList<>();
    if (postProcessor.isNull()) {
      return List.of(before, behind);
    }
    if (!postProcessor.path("type").asText().equals("TemplateProcessing")) {
      throw new PolyLmException(
          "post_processor is %s, expected TemplateProcessing".formatted(type(postProcessor)));
    }
    boolean passed = false;
    for (JsonNode part : postProcessor.path("single")) {
      String token = part.at("/SpecialToken/id").asText();
      if (part.has("Sequence")) {
        passed = true;
      } else {
        (passed ? behind : before).add(token);
      }
    }
    return List.of(before, behind);
  }

  private static String type(JsonNode section) {
    return section.isNull() ? "null" : JsonFile.shown(section.path("type"));
  }
}
