/**
 * Converts a checkpoint's tokenizer (SentencePiece's tokenizer.model or transformers'
 * tokenizer.json) to the tokenizer.json of an export.
 *
 * <p>{@code SourceTokenizer} decides which file to follow, by the version of transformers that
 * {@code SavedBy} finds. {@code SentencePieceReader} and {@code TokenizerFileReader} each read
 * their file into a {@code SentencePieceModel}. {@code BpeMerges} finds the merges, which
 * SentencePiece doesn't store. {@code TokenizerComparison} compares the two files. {@code
 * SpecialTokens} reads the added tokens from the checkpoint's JSON files. {@code
 * TokenizerJsonWriter} writes the result. If the tokenizer has something that can't be expressed,
 * the conversion stops with a message.
 *
 * <p>{@code ChatTemplate} recognizes the prompt form that a chat template writes.
 */
@NullMarked
package dev.polylm.export.tokenizer;

import org.jspecify.annotations.NullMarked;
