/**
 * Low-rank adapters that requests choose at run time: their file, and the adapters that are loaded.
 */
@NullMarked
package dev.polylm.internal.adapter;

import org.jspecify.annotations.NullMarked;
