package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a request asks for. Any thread may cancel it at any time. */
public interface Work {
  /**
   * Waits for the whole answer. Call it only once.
   *
   * @throws ApiException if there is no answer
   */
  ObjectNode whole();

  /** Ends the work within its next step. A thread that waits for the answer gets an error. */
  void cancel();
}
