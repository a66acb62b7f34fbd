/**
 * Conversations: messages in, replies out.
 *
 * <p>A {@link dev.polylm.chat.ChatSession} keeps the conversation as the ids that the model read
 * and wrote. So each turn begins with exactly the ids of the turns before it, and the engine can
 * reuse their keys and values. When the model's context is full, the session drops the oldest
 * turns. The {@link dev.polylm.chat.ChatReply} lists them. A session can be saved to a file and
 * loaded again.
 */
@NullMarked
package dev.polylm.chat;

import org.jspecify.annotations.NullMarked;
