package dev.polylm.evaluation.task;

import java.util.List;

/**
 * Items that are reported together.
 *
 * @param name the name, such as {@code mtg-title}
 * @param items the items, those of a language one after the other
 * @param measures how answers are judged; the first is the one of the paper
 * @param shots how many examples are before each item
 */
public record Task(String name, List<Item> items, List<Measure> measures, int shots) {}
