/**
 * Writes the folder of an export. Files are hashed while they are written, and the folder takes its
 * final name when it is complete.
 */
@NullMarked
package dev.polylm.export.files;

import org.jspecify.annotations.NullMarked;
