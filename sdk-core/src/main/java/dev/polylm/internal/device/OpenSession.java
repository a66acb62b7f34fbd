package dev.polylm.internal.device;

import ai.onnxruntime.OrtSession;
import org.jspecify.annotations.Nullable;

/**
 * A session that its user closes.
 *
 * @param device where it runs
 * @param fallback why it runs on the CPU though a GPU would have been taken; else null
 */
public record OpenSession(OrtSession session, Device device, @Nullable String fallback) {}
