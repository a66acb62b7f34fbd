/**
 * The folder that the exporter writes and the SDK opens: a manifest and the files it names.
 *
 * <p>Everything in it is untrusted input: names stay inside the folder, sizes and checksums are
 * compared with the manifest's.
 */
@NullMarked
package dev.polylm.model;

import org.jspecify.annotations.NullMarked;
