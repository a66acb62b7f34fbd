package dev.polylm.engine;

import dev.polylm.decoding.DecodingTask;

/** A task that notes what it saw and chose, so that runs of it can be compared. */
interface TracedTask extends DecodingTask {
  String trace();
}
