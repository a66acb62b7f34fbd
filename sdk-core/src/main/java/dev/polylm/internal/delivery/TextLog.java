package dev.polylm.internal.delivery;

import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.prompt.Prompt;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what was asked and answered, for those who have asked for it. */
final class TextLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.polylm.texts");

  private TextLog() {}

  static void log(GenerationRequest request, GenerationResult result, boolean texts) {
    Prompt prompt = request.prompt();
    LOG.debug("prompt: {}", prompt == null ? Arrays.toString(request.inputIds()) : prompt.text());
    for (GeneratedSequence sequence : result.sequences()) {
      LOG.debug("answer: {}", texts ? sequence.text() : Arrays.toString(sequence.ids()));
    }
  }
}
