/**
 * Text to ids and ids to text, as Hugging Face's slow LlamaTokenizer does it.
 *
 * <p>A text flows through {@link dev.polylm.tokenizer.Tokenizer} (lifetime, beginning and end of
 * sequence), {@code LlamaEncoder} (special tokens, the dummy prefix, legacy or not), {@code
 * PieceEncoder} (normalization, user-defined symbols, bytes of unknown characters) and {@code
 * NativeSegmenter} (DJL: BPE or unigram over normalized text). Ids flow back through {@link
 * dev.polylm.tokenizer.StreamingDecoder}, one at a time; a whole decode is the same code run to its
 * end, so what is streamed is what is decoded.
 *
 * <p>Traps that are handled here and nowhere else:
 *
 * <ul>
 *   <li>SentencePiece puts its dummy prefix before a text that begins with a space; the Metaspace
 *       step of tokenizer.json does not.
 *   <li>SentencePiece's normalizer takes the longest rule at each place; the Precompiled step of
 *       tokenizer.json takes the shortest that begins a grapheme and drops the rest.
 *   <li>A unigram model in tokenizer.json finds {@code <s>} and {@code <0x0A>} in plain text;
 *       SentencePiece never does.
 * </ul>
 *
 * <p>tokenizer.json is untrusted input: sizes, ids and offsets in it are checked before use.
 */
@NullMarked
package dev.polylm.tokenizer;

import org.jspecify.annotations.NullMarked;
