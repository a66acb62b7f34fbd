package dev.polylm.generation;

/**
 * What prompt lookup did.
 *
 * @param drafted ids that were guessed and read
 * @param accepted those of them that were what the model would have given
 */
public record DraftCounts(int drafted, int accepted) {
  public static final DraftCounts NONE = new DraftCounts(0, 0);
}
