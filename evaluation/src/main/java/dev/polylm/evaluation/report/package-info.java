/**
 * What an evaluation found, and how it is written: as Markdown, as JSON, and as a page with bars
 * that needs no other file.
 */
@NullMarked
package dev.polylm.evaluation.report;

import org.jspecify.annotations.NullMarked;
