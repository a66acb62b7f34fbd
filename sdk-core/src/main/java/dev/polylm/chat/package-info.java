/**
 * Conversations: messages in, replies out.
 *
 * <p>A {@link dev.polylm.chat.ChatSession} keeps what was said as the ids that the model read and
 * wrote, so that each turn begins with exactly the ids of the turns before it, whose keys and
 * values the engine can reuse. When the model's context is full the oldest turns go, and the {@link
 * dev.polylm.chat.ChatReply} says which. A session is saved to a file and loaded from it.
 */
@NullMarked
package dev.polylm.chat;

import org.jspecify.annotations.NullMarked;
