/** Startup, liveness and readiness for MicroProfile Health, if the server has it. */
@NullMarked
package dev.polylm.jakarta.health;

import org.jspecify.annotations.NullMarked;
