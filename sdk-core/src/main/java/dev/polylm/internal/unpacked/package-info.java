/**
 * Unpacks native libraries and models from jars on the class path into files, because neither ONNX
 * Runtime nor the system can read a jar.
 *
 * <p>The files go to a {@link dev.polylm.internal.unpacked.PrivateFolder}. No other user can write
 * to it, and it is deleted when the process ends. All code starts ONNX Runtime through {@link
 * dev.polylm.internal.unpacked.OnnxRuntimeLibrary}.
 *
 * <p>Traps: only one class loader of a JVM can load a library's file, so each class loader has its
 * own copy. ONNX Runtime's classes load their library on first use, so no code may use them before
 * {@code OnnxRuntimeLibrary} has loaded it.
 */
@NullMarked
package dev.polylm.internal.unpacked;

import org.jspecify.annotations.NullMarked;
