/**
 * What an engine does, for those who run it: counters and timers through Micrometer, events for JDK
 * Flight Recorder, and a line of log for each request. None of them holds anything that was asked
 * or answered.
 */
@NullMarked
package dev.polylm.internal.observe;

import org.jspecify.annotations.NullMarked;
