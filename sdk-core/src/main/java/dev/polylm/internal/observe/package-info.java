/**
 * Reports what an engine does: counters and timers to Micrometer, events to JDK Flight Recorder,
 * and a log line for each request. None of them contains prompts or answers.
 */
@NullMarked
package dev.polylm.internal.observe;

import org.jspecify.annotations.NullMarked;
