package dev.polylm.evaluation.task;

import java.util.List;

/**
 * A question that the model answers with a text.
 *
 * @param language the language, a pair such as {@code de-en}, or an empty text if the task does not
 *     say
 * @param prompt the text before the answer, in the task's words
 * @param inForm whether the prompt is put into the form that the model was trained on
 * @param references the right answers
 * @param stops texts that end the answer, besides the end-of-sequence token
 * @param maxNewTokens the longest answer
 */
public record GenerationItem(
    String language,
    String prompt,
    boolean inForm,
    List<String> references,
    List<String> stops,
    int maxNewTokens)
    implements Item {}
