/**
 * The folder that the exporter writes and the SDK opens: a manifest and the files it names.
 *
 * <p>Everything in the folder is untrusted input. Names must stay inside the folder. Opening a
 * model compares the size of each file with the manifest. By default it also compares the SHA-256
 * of each file, except weights of more than 256 MB; {@link dev.polylm.PolyLmOptions.Builder#verify}
 * decides which.
 */
@NullMarked
package dev.polylm.model;

import org.jspecify.annotations.NullMarked;
