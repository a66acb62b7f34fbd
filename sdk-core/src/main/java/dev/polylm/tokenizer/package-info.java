/**
 * Text to ids and ids to text, as Hugging Face's slow LlamaTokenizer does it.
 *
 * <p>Ids flow back to text through {@link dev.polylm.tokenizer.StreamingDecoder}, one at a time; a
 * whole decode is the same code run to its end, so what is streamed is what is decoded.
 */
@NullMarked
package dev.polylm.tokenizer;

import org.jspecify.annotations.NullMarked;
