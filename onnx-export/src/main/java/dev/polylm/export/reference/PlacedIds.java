package dev.polylm.export.reference;

import java.util.stream.IntStream;

/**
 * A sequence of ids and where in the context each stands.
 *
 * @param inputIds [length]
 * @param positionIds [length], ascending, with gaps or without
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record PlacedIds(int[] inputIds, int[] positionIds) {

  /** Ids from position 0 on, without gaps. */
  public static PlacedIds of(int[] inputIds) {
    return new PlacedIds(inputIds, IntStream.range(0, inputIds.length).toArray());
  }
}
