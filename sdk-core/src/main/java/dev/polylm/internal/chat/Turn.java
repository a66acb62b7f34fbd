package dev.polylm.internal.chat;

/**
 * A request and its reply.
 *
 * @param requestIds the ids of the request in the model's form, as it continues the turn before it
 * @param replyIds the ids of the reply, without an id that ended it
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared or changed
record Turn(String request, int[] requestIds, String reply, int[] replyIds) {

  /** Returns true if no part is missing; in a file one may be. */
  boolean complete() {
    return request != null && requestIds != null && reply != null && replyIds != null;
  }

  int length() {
    return requestIds.length + replyIds.length;
  }
}
