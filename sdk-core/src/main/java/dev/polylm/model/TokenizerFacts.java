package dev.polylm.model;

/**
 * How texts become ids, as the checkpoint's tokenizer files told the exporter.
 *
 * <pre>{@code
 * TokenizerFacts facts = polyLm.manifest().tokenizer();
 * System.out.println(facts == null ? "ids only" : "texts end with " + facts.eosToken());
 * }</pre>
 *
 * @param legacy LlamaTokenizer's {@code legacy}: a text after a special token gets a dummy prefix
 * @param metaspace the dummy prefix is put as the Metaspace of Hugging Face's tokenizers puts it,
 *     which transformers 5 uses: not before a space. Otherwise as SentencePiece does: always.
 * @param addBosToken a prompt begins with the beginning-of-sequence token
 * @param addEosToken a prompt ends with the end-of-sequence token
 * @param unkToken the piece that stands for what the vocabulary lacks, such as {@code <unk>}
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

  /** Facts of a tokenizer that puts the dummy prefix as SentencePiece does. */
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
