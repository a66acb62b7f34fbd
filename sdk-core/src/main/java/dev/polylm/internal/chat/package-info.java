/**
 * Conversations: what was said as ids, the room that the next reply needs, and the file that a
 * conversation is saved in.
 */
@NullMarked
package dev.polylm.internal.chat;

import org.jspecify.annotations.NullMarked;
