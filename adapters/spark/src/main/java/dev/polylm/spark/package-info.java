/** PolyLM in Apache Spark. */
@NullMarked
package dev.polylm.spark;

import org.jspecify.annotations.NullMarked;
