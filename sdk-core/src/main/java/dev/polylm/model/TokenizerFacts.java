package dev.polylm.model;

/**
 * The settings of the tokenizer, from the checkpoint's tokenizer files.
 *
 * <pre>{@code
 * TokenizerFacts facts = polyLm.manifest().tokenizer();
 * System.out.println(facts == null ? "ids only" : "texts end with " + facts.eosToken());
 * }</pre>
 *
 * @param legacy LlamaTokenizer's {@code legacy}: true if a text after a special token gets a dummy
 *     prefix
 * @param metaspace true if the dummy prefix is added as Metaspace in Hugging Face's tokenizers adds
 *     it, which transformers 5 uses: not before a space. False if it is always added, as in
 *     SentencePiece.
 * @param addBosToken true if a prompt begins with the beginning-of-sequence token
 * @param addEosToken true if a prompt ends with the end-of-sequence token
 * @param unkToken the piece for characters that the vocabulary lacks, such as {@code <unk>}
 * @param bosToken the piece that begins a sequence, such as {@code <s>}
 * @param eosToken the piece that ends a sequence, such as {@code </s>}
 */
public record TokenizerFacts(
    boolean legacy,
    boolean metaspace,
    boolean addBosToken,
    boolean addEosToken,
    String unkToken,
    String bosToken,
    String eosToken) {

  /** Makes the facts of a tokenizer that adds the dummy prefix as SentencePiece does. */
  public TokenizerFacts(
      boolean legacy,
      boolean addBosToken,
      boolean addEosToken,
      String unkToken,
      String bosToken,
      String eosToken) {
    this(legacy, false, addBosToken, addEosToken, unkToken, bosToken, eosToken);
  }
}
