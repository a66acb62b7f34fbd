/**
 * The tokenizer's implementation: reads tokenizer.json and converts texts to ids.
 *
 * <p>A text passes through {@code LlamaEncoder} (special tokens, the dummy prefix, legacy or not),
 * {@code TextNormalizer} with its {@code CharsMap}, {@code PieceEncoder} (user-defined symbols) and
 * a {@code Segmenter}: {@code BpeSegmenter} or {@code UnigramSegmenter}. {@code PieceSink} spells
 * characters without a piece in bytes. All of them look pieces up in one {@code TextTrie}.
 *
 * <p>Traps that only this package handles:
 *
 * <ul>
 *   <li>SentencePiece puts its dummy prefix before a text that begins with a space; the Metaspace
 *       step of tokenizer.json does not.
 *   <li>SentencePiece's normalizer takes the longest rule at each place; the Precompiled step of
 *       tokenizer.json takes the shortest that begins a grapheme and drops the rest.
 *   <li>A unigram model in tokenizer.json finds {@code <s>} and {@code <0x0A>} in plain text;
 *       SentencePiece never does.
 *   <li>SentencePiece adds a unigram model's scores in 32 bits. In 64 bits, long texts would get
 *       other pieces.
 * </ul>
 *
 * <p>{@code TokenizerJson} reads the file in one pass, without a second copy of it: {@code
 * ModelSection} (pieces into a {@code PieceTable}, the order of {@code Merges}), {@code
 * AddedTokens}, {@code NormalizerSection}. The file is untrusted input: sizes, ids, offsets and
 * types are checked before use, and messages show its contents through {@link
 * dev.polylm.internal.untrusted.Quoted}.
 */
@NullMarked
package dev.polylm.internal.tokenizer;

import org.jspecify.annotations.NullMarked;
