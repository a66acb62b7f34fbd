/**
 * The folder an export is written to: files that are hashed on their way, in a folder that takes
 * its final name when it is whole.
 */
@NullMarked
package dev.polylm.export.files;

import org.jspecify.annotations.NullMarked;
