package dev.polylm.evaluation.run;

import dev.polylm.PolyLm;
import dev.polylm.evaluation.task.ChoiceItem.Option;
import dev.polylm.evaluation.text.PythonText;
import dev.polylm.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The ids of a context and an option. Only those of the option are scored.
 *
 * @param ids context and option, at most as many as the model's context
 * @param first where the option begins, at least 1
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record OptionIds(int[] ids, int first) {

  /**
   * Encodes an option as lm-evaluation-harness does. Context and option are encoded as one text.
   * The context's part has as many ids as the context by itself. White space at the context's end
   * belongs to the option. An option without context comes after the beginning-of-sequence token.
   * If there are too many ids, the first ones are left out.
   */
  static OptionIds of(PolyLm model, Option option) {
    String context = PythonText.stripTrailing(option.context());
    String text = option.context().substring(context.length()) + option.text();
    int[] whole = encode(model, context + text);
    int first = context.isEmpty() ? 1 : encode(model, context).length;
    if (context.isEmpty() && !addsBos(model)) {
      whole = joined(model.tokenizer().bosTokenId(), whole);
    }
    int extra = Math.max(0, whole.length - model.manifest().model().contextLength());
    int[] kept = Arrays.copyOfRange(whole, extra, whole.length);
    return new OptionIds(kept, Math.max(1, Math.min(first - extra, kept.length - 1)));
  }

  private static int[] encode(PolyLm model, String text) {
    Tokenizer tokenizer = model.tokenizer();
    int[] ids = tokenizer.encode(text);
    return addsBos(model) ? joined(tokenizer.bosTokenId(), ids) : ids;
  }

  private static boolean addsBos(PolyLm model) {
    var facts = model.manifest().tokenizer();
    return facts != null && facts.addBosToken();
  }

  private static int[] joined(int first, int[] rest) {
    return IntStream.concat(IntStream.of(first), Arrays.stream(rest)).toArray();
  }
}
