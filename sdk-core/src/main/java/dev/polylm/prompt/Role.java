package dev.polylm.prompt;

import java.util.Locale;

/** Who says something in a conversation. */
public enum Role {
  /** Instructions for the whole conversation. */
  SYSTEM,
  USER,
  /** The model. */
  ASSISTANT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
