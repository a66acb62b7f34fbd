package dev.polylm.internal.saved;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The keys and values that a model keeps for ids. */
public interface KeysAndValues {
  /**
   * Writes how many of the first ids have keys and values, an int, and these keys and values.
   *
   * @return how many
   */
  int write(int[] ids, DataOutputStream out) throws IOException;

  /**
   * Reads what {@link #write} wrote for the same model, and keeps it if there is room.
   *
   * @return whether the model keeps it
   * @throws dev.polylm.PolyLmException if it has keys and values of more ids than there are
   */
  boolean read(int[] ids, DataInputStream in) throws IOException;
}
