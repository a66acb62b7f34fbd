package dev.polylm.prompt;

import java.util.Locale;

/** The speaker of a message. */
public enum Role {
  /** The system, which gives instructions for the whole conversation. */
  SYSTEM,
  USER,
  /** The model. */
  ASSISTANT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
