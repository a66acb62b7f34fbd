/**
 * Conversations: the history as ids, the room for the next reply, and the file of a saved
 * conversation; and what the adapters share to make prompts and settings of a reply.
 */
@NullMarked
package dev.polylm.internal.chat;

import org.jspecify.annotations.NullMarked;
