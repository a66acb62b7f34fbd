/**
 * What is unpacked from jars into files, as neither ONNX Runtime nor the system can read a jar: the
 * native libraries and models of the class path.
 *
 * <p>All of it lies in a {@link dev.polylm.internal.unpacked.PrivateFolder}, which nobody else can
 * write to and which is gone when the process is. {@link
 * dev.polylm.internal.unpacked.OnnxRuntimeLibrary} is how ONNX Runtime is begun, everywhere.
 *
 * <p>Traps: a library's file can be loaded by one class loader of a JVM only, so each has a copy;
 * ONNX Runtime's classes load their library when they are first used, so none may be used before
 * {@code OnnxRuntimeLibrary} has loaded it.
 */
@NullMarked
package dev.polylm.internal.unpacked;

import org.jspecify.annotations.NullMarked;
