/**
 * SentencePiece's tokenizer.model and its settings to tokenizer.json.
 *
 * <p>{@code SentencePieceReader} turns the protobuf message into a {@code SentencePieceModel},
 * {@code SpecialTokens} reads what the checkpoint's JSON files say of it, {@code BpeMerges} finds
 * the merges that SentencePiece leaves unsaid, {@code TokenizerJsonWriter} writes it all. What
 * tokenizer.json can't express stops the conversion with a sentence.
 */
@NullMarked
package dev.polylm.export.tokenizer;

import org.jspecify.annotations.NullMarked;
