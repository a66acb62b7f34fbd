package dev.polylm.internal.engine;

import dev.polylm.internal.decoding.DecodingTask;

/** A task that notes what it saw and chose, so that runs of it can be compared. */
interface TracedTask extends DecodingTask {
  String trace();
}
