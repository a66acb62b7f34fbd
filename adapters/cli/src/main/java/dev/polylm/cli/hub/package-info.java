/**
 * Hugging Face's hub: {@link dev.polylm.cli.hub.HubDownload} copies a checkpoint from it, the only
 * use of the network, and {@link dev.polylm.cli.hub.HubCache} finds one that other programs copied.
 *
 * <p>Nothing that the hub says is trusted: only files of known names are asked for, a file is used
 * only if its size and hash are those that the hub stated for the commit, and the token is sent to
 * the hub alone.
 */
@NullMarked
package dev.polylm.cli.hub;

import org.jspecify.annotations.NullMarked;
