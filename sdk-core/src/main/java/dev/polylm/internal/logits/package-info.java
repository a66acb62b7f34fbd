/**
 * Chooses an id from the model's logits, with pure functions on a row {@code float[vocabSize]}.
 * They know nothing about models, texts or loops.
 *
 * <p>A step of a row has three parts. If the request has a negative prompt, {@link
 * dev.polylm.internal.logits.Guidance} joins its logits with those of the prompt. A {@link
 * dev.polylm.internal.logits.ProcessorChain} changes the logits in place, in the order of {@link
 * dev.polylm.logits.Step}. {@link dev.polylm.internal.logits.ArgMax} or {@link
 * dev.polylm.internal.logits.Multinomial} picks an id, which is appended to the row's {@link
 * dev.polylm.internal.logits.TokenBuffer}. Log-probabilities come from {@link
 * dev.polylm.internal.logits.LogSoftmax} and {@link
 * dev.polylm.internal.logits.TopLogProbabilities}.
 *
 * <p>Each processor does the same as in Hugging Face transformers 5.17.0, <a
 * href="https://github.com/huggingface/transformers/blob/v5.17.0/src/transformers/generation/logits_process.py">generation/logits_process.py</a>,
 * including float32 arithmetic. Settings are rounded to float where torch rounds them. Sums are
 * computed in double and rounded where they are compared, as in torch's cumsum.
 *
 * <p>Results are the same on every machine and every JDK. The code uses IEEE additions,
 * multiplications, divisions and square roots, which are exact to the last bit everywhere, and
 * {@link java.lang.StrictMath}. It never uses {@link java.lang.Math}'s exp, log or pow, whose last
 * bit may differ between processors.
 *
 * <p>Cost: processors that cut or normalize the distribution take time in proportion to the
 * vocabulary. Penalties take time in proportion to the row's length, and lists of ids in proportion
 * to their number. Where this differs, the processor's Javadoc says so.
 *
 * <p>A step allocates no memory in proportion to the vocabulary. A {@link
 * dev.polylm.internal.logits.Workspace} lends working memory; each thread that samples has one.
 */
@NullMarked
package dev.polylm.internal.logits;

import org.jspecify.annotations.NullMarked;
