/**
 * The folder that the exporter writes and the SDK opens: a manifest and the files it names.
 *
 * <p>Everything in the folder is untrusted input. Names must stay inside the folder. Sizes and
 * checksums are compared with the manifest's.
 */
@NullMarked
package dev.polylm.model;

import org.jspecify.annotations.NullMarked;
