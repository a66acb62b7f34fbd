package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationHandle;

/** A generation that was started for a prompt; it has one answer, or all of a beam search. */
record Attempt(TaskPrompt prompt, GenerationHandle handle) {}
