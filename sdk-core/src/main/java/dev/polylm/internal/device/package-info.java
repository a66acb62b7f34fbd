/**
 * Opens ONNX Runtime's sessions on a device. {@link dev.polylm.internal.device.Sessions} is the
 * only code of the project that opens one, so no session runs elsewhere than its options say.
 *
 * <p>ONNX Runtime calls what runs a graph on a device an execution provider.
 */
@NullMarked
package dev.polylm.internal.device;

import org.jspecify.annotations.NullMarked;
