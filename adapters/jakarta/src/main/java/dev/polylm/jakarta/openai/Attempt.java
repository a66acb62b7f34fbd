package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationHandle;

/** A started generation for a prompt. It has one answer, or all answers of a beam search. */
record Attempt(TaskPrompt prompt, GenerationHandle handle) {}
