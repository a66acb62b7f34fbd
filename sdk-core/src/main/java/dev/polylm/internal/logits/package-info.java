/**
 * From the model's logits to the chosen id: pure functions over a row {@code float[vocabSize]},
 * without knowledge of models, texts or loops.
 *
 * <p>A step of a row goes so: {@link dev.polylm.internal.logits.Guidance} joins the logits of a
 * prompt and a negative prompt where asked; a {@link dev.polylm.internal.logits.ProcessorChain}
 * changes the logits in place, in the order of {@link dev.polylm.logits.Step}; {@link
 * dev.polylm.internal.logits.ArgMax} or {@link dev.polylm.internal.logits.Multinomial} picks an id,
 * which is appended to the row's {@link dev.polylm.internal.logits.TokenBuffer}. Log-probabilities
 * come from {@link dev.polylm.internal.logits.LogSoftmax} and {@link
 * dev.polylm.internal.logits.TopLogProbabilities}.
 *
 * <p>The meaning of each processor is that of Hugging Face transformers 5.17.0, <a
 * href="https://github.com/huggingface/transformers/blob/v5.17.0/src/transformers/generation/logits_process.py">generation/logits_process.py</a>,
 * float32 arithmetic included: settings are rounded to float where torch rounds them, sums run in
 * double and are rounded where they are compared, as torch's cumsum does.
 *
 * <p>Results are the same on every machine and every JDK. The code uses IEEE additions,
 * multiplications, divisions and square roots, which are exact to the last bit everywhere, and
 * {@link java.lang.StrictMath}. It never uses {@link java.lang.Math}'s exp, log or pow, whose last
 * bit may differ between processors.
 *
 * <p>Nothing here allocates by the size of the vocabulary in a step: working memory is lent by a
 * {@link dev.polylm.internal.logits.Workspace}, one for each thread that samples.
 */
@NullMarked
package dev.polylm.internal.logits;

import org.jspecify.annotations.NullMarked;
