/** Translates a corpus with Apache Spark. */
@NullMarked
package dev.polylm.sparktranslation;

import org.jspecify.annotations.NullMarked;
