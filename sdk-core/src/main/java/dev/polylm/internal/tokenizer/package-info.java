/**
 * How the tokenizer works: tokenizer.json read, a text to ids.
 *
 * <p>A text flows through {@code LlamaEncoder} (special tokens, the dummy prefix, legacy or not),
 * {@code TextNormalizer} with its {@code CharsMap}, {@code PieceEncoder} (user-defined symbols) and
 * a {@code Segmenter}, {@code BpeSegmenter} or {@code UnigramSegmenter}; {@code PieceSink} spells
 * what no piece has in bytes. All look pieces up in one {@code PieceTrie}.
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
 *   <li>SentencePiece adds a unigram model's scores in 32 bits: in long texts, in 64 bits, other
 *       pieces win.
 * </ul>
 *
 * <p>{@code TokenizerJson} reads the file, in one pass and without a second copy of it: {@code
 * ModelSection} (pieces into a {@code PieceTable}, the order of {@code Merges}), {@code
 * AddedTokens}, {@code NormalizerSection}. The file is untrusted input: sizes, ids, offsets and
 * types are checked before use, and what a message shows of it goes through {@link
 * dev.polylm.internal.text.Quoted}.
 */
@NullMarked
package dev.polylm.internal.tokenizer;

import org.jspecify.annotations.NullMarked;
