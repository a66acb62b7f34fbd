/**
 * Measures what a step costs. After {@code ./mvnw -B package}: {@code java -cp
 * "benchmarks/target/classes:benchmarks/target/lib/*" org.openjdk.jmh.Main}. Reports are in {@code
 * benchmarks/reports}, each with its machine and command.
 */
@NullMarked
package dev.polylm.benchmarks;

import org.jspecify.annotations.NullMarked;
