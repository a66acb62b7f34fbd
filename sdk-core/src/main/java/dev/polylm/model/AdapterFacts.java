package dev.polylm.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.polylm.PolyLmException;
import org.jspecify.annotations.Nullable;

/**
 * What a graph allows of the adapters that requests choose at run time.
 *
 * <pre>{@code
 * AdapterFacts adapters = polyLm.manifest().adapters();
 * System.out.println(adapters == null ? "none" : adapters.slots() + " at a time");
 * }</pre>
 *
 * @param maxRank the highest rank of an adapter, from 1 to {@value #HIGHEST_RANK}
 * @param slots how many adapters may share a step, from 1 to {@value #MOST_SLOTS}
 * @param head whether adapters may also change the head, lm_head
 */
public record AdapterFacts(
    int maxRank, int slots, @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean head) {
  public static final int DEFAULT_MAX_RANK = 64;
  public static final int DEFAULT_SLOTS = 8;
  private static final int HIGHEST_RANK = 1024;
  private static final int MOST_SLOTS = 256;

  /**
   * Checks the numbers, which may come from a file.
   *
   * @throws PolyLmException if one is out of range
   */
  public AdapterFacts {
    check("the highest rank of an adapter", maxRank, HIGHEST_RANK);
    check("the number of adapter slots", slots, MOST_SLOTS);
  }

  /** Makes facts of a graph whose adapters don't change the head. */
  public AdapterFacts(int maxRank, int slots) {
    this(maxRank, slots, false);
  }

  /** Reads the facts of a manifest. Those of older exporters don't name the head. */
  @JsonCreator
  static AdapterFacts read(
      @JsonProperty("max_rank") int maxRank,
      @JsonProperty("slots") int slots,
      @JsonProperty("head") @Nullable Boolean head) {
    return new AdapterFacts(maxRank, slots, Boolean.TRUE.equals(head));
  }

  private static void check(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new PolyLmException("%s is %s, expected 1 to %s".formatted(what, value, most));
    }
  }
}
