/**
 * A checkpoint's tokenizer, SentencePiece's tokenizer.model or transformers' tokenizer.json, to the
 * tokenizer.json of an export.
 *
 * <p>{@code SourceTokenizer} decides which file is obeyed, by the version of transformers that
 * {@code SavedBy} finds. {@code SentencePieceReader} and {@code TokenizerFileReader} both make a
 * {@code SentencePieceModel} of theirs; {@code BpeMerges} finds the merges that SentencePiece
 * leaves unsaid; {@code TokenizerComparison} holds one file against the other. {@code
 * SpecialTokens} reads what the checkpoint's JSON files say of added tokens, {@code
 * TokenizerJsonWriter} writes it all. What can't be expressed stops the conversion with a sentence.
 *
 * <p>{@code ChatTemplate} tells the prompt form that a chat template writes.
 */
@NullMarked
package dev.polylm.export.tokenizer;

import org.jspecify.annotations.NullMarked;
