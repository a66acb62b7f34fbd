package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers the request on a line. */
@FunctionalInterface
interface LineAnswer {
  /**
   * Returns the answer's object.
   *
   * @throws dev.polylm.PolyLmException if the request can't be answered
   */
  ObjectNode answer(JsonRequest request);
}
