package dev.polylm.jakarta.openai;

/**
 * A prompt as a client sent it and as the model reads it.
 *
 * @param text what an echo gives back
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TaskPrompt(String text, int[] ids) {}
