/**
 * Converts text to ids and ids to text, as Hugging Face's slow LlamaTokenizer does.
 *
 * <p>{@link dev.polylm.tokenizer.StreamingDecoder} converts ids to text, one at a time. Decoding a
 * whole sequence uses the same code, so a streamed text and a decoded text are the same.
 */
@NullMarked
package dev.polylm.tokenizer;

import org.jspecify.annotations.NullMarked;
