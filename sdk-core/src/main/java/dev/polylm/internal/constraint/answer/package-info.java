/** Makes schemas of Java types, and the mapper that reads answers as them. */
@NullMarked
package dev.polylm.internal.constraint.answer;

import org.jspecify.annotations.NullMarked;
