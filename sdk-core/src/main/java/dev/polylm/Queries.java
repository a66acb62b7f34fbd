package dev.polylm;

import static java.util.Objects.requireNonNull;

import dev.polylm.constraint.AnswerType;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.chat.CutAnswers;
import java.util.function.Function;

/** Answers requests with Java objects. */
record Queries(Function<GenerationRequest, GenerationResult> model) {

  /** Returns the text of an answer. */
  String text(GenerationRequest request) {
    return CutAnswers.checked(model.apply(request)).text();
  }

  <T> T query(GenerationRequest request, AnswerType<T> type) {
    requireNonNull(request, "request must not be null");
    requireNonNull(type, "type must not be null");
    if (request.constraint() != null) {
      throw new PolyLmException(
          "the request has the constraint %s, expected none: the type of the answer is its constraint"
              .formatted(request.constraint()));
    }
    GenerationResult result = model.apply(request.withConstraint(type.constraint()));
    GeneratedSequence answer = result.sequences().get(0);
    if (!isComplete(answer.finishReason(), type.completesAtLimit())) {
      throw new UnfinishedAnswerException(
          "the answer ended early with %s after %s tokens; expected a complete answer, which a higher max_new_tokens or completeAtLimit allows"
              .formatted(answer.finishReason(), answer.ids().length),
          answer.text());
    }
    return type.read(answer.text());
  }

  private static boolean isComplete(FinishReason reason, boolean completedAtLimit) {
    return switch (reason) {
      case STOP_TOKEN, CONSTRAINT -> true;
      case LENGTH -> completedAtLimit;
      case STOP_STRING, TIME, CANCELLED -> false;
    };
  }
}
