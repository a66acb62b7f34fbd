package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers the request of a line. */
@FunctionalInterface
interface LineAnswer {
  /**
   * The answer's object.
   *
   * @throws dev.polylm.PolyLmException if the request can't be answered
   */
  ObjectNode answer(JsonRequest request);
}
