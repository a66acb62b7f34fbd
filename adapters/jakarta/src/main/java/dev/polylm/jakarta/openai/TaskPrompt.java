package dev.polylm.jakarta.openai;

/**
 * A prompt, as the client sent it and as the model reads it.
 *
 * @param text the text for an echo
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TaskPrompt(String text, int[] ids) {}
