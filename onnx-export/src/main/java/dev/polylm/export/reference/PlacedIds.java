package dev.polylm.export.reference;

import java.util.stream.IntStream;

/**
 * A sequence of ids and the position of each in the context.
 *
 * @param inputIds [length]
 * @param positionIds [length], ascending, with or without gaps
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record PlacedIds(int[] inputIds, int[] positionIds) {

  /** Returns ids from position 0 on, without gaps. */
  public static PlacedIds of(int[] inputIds) {
    return new PlacedIds(inputIds, IntStream.range(0, inputIds.length).toArray());
  }
}
