package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Converts a checkpoint's tokenizer. */
public final class TokenizerConverter {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private TokenizerConverter() {}

  /**
   * Reads the checkpoint's tokenizer; writes tokenizer.json and tokenizer_config.json.
   *
   * <p>If transformers 4 saved the tokenizer, the converter reads tokenizer.model,
   * tokenizer_config.json, special_tokens_map.json and added_tokens.json, as the slow
   * LlamaTokenizer of v4.57.6 does. Its defaults hold for absent settings: legacy true,
   * add_bos_token true, add_eos_token false, the tokens {@code <unk>}, {@code <s>} and {@code
   * </s>}. If tokenizer.model is missing, the converter reads tokenizer.json as LlamaTokenizerFast
   * does.
   *
   * <p>If transformers 5 saved the tokenizer, the converter reads tokenizer.json and
   * tokenizer_config.json, as v5.17.0 does: legacy is false by default, and the post-processor
   * decides on bos and eos.
   *
   * <p>If both tokenizer.json and tokenizer.model exist, they must have the same pieces.
   *
   * @param checkpointDirectory the folder with the checkpoint's files
   * @param outputDirectory an existing folder
   * @return what the SDK must know in addition to tokenizer.json
   * @throws PolyLmException if the files are missing, contradict each other or ask for what can't
   *     be converted
   */
  public static TokenizerFacts convert(Path checkpointDirectory, Path outputDirectory) {
    SourceTokenizer source = SourceTokenizer.read(checkpointDirectory);
    write(outputDirectory, source.writer(), source.facts());
    return source.facts();
  }

  /**
   * Checks that there is something to convert, before anything is converted.
   *
   * @throws PolyLmException if neither tokenizer.model nor tokenizer.json exists
   */
  public static void requireTokenizer(Path checkpointDirectory) {
    if (Stream.of(SourceTokenizer.MODEL, SourceTokenizer.JSON)
        .noneMatch(name -> Files.exists(checkpointDirectory.resolve(name)))) {
      throw new PolyLmException(
          "%s is missing in %s; a model that takes ids only must be requested"
              .formatted(SourceTokenizer.MODEL, checkpointDirectory));
    }
  }

  private static void write(Path directory, TokenizerJsonWriter writer, TokenizerFacts facts) {
    try {
      writer.write(directory.resolve("tokenizer.json"));
      Files.writeString(directory.resolve("tokenizer_config.json"), config(facts));
    } catch (IOException e) {
      throw new PolyLmException(directory + ": the tokenizer can't be written: " + e, e);
    }
  }

  /** The class for other programs; it makes them read tokenizer.json unchanged. */
  private static String config(TokenizerFacts facts) throws IOException {
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("legacy", facts.legacy());
    config.put("add_bos_token", facts.addBosToken());
    config.put("add_eos_token", facts.addEosToken());
    config.put("unk_token", facts.unkToken());
    config.put("bos_token", facts.bosToken());
    config.put("eos_token", facts.eosToken());
    config.put("clean_up_tokenization_spaces", false);
    return JSON.writeValueAsString(config) + "\n";
  }
}
