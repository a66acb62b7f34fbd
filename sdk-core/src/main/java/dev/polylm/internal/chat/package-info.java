/**
 * Conversations: the history as ids, the room for the next reply, and the file of a saved
 * conversation.
 */
@NullMarked
package dev.polylm.internal.chat;

import org.jspecify.annotations.NullMarked;
