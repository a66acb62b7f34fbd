package dev.polylm.internal.chat;

/**
 * A request and its reply.
 *
 * @param requestIds the request in the model's form, as it goes on from the turn before it
 * @param replyIds what the model wrote, without an id that ended it
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared or changed
record Turn(String request, int[] requestIds, String reply, int[] replyIds) {

  /** True where nothing is missing, as it may be in a file. */
  boolean complete() {
    return request != null && requestIds != null && reply != null && replyIds != null;
  }

  int length() {
    return requestIds.length + replyIds.length;
  }
}
