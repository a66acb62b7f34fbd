package dev.polylm.internal.search;

import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.search.PhraseProgress.Phrase;
import dev.polylm.tokenizer.TextPart;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes room in a beam search for beams that come further with the phrases that must occur. To the
 * likeliest beams it adds those that go on with an id of a phrase. Then it takes the best beam of
 * each bank, the second of each bank, and so on. A bank has the beams that have come equally far.
 *
 * <p>Source: {@code ConstrainedBeamSearchScorer} of transformers 4.57, after Post and Vilar, Fast
 * Lexically Constrained Decoding with Dynamic Beam Allocation for Neural Machine Translation, 2018.
 */
final class PhraseBanks {
  /** How much more a step in a bank counts than log-probability. */
  private static final float BANK_WEIGHT = 100;

  private final int longest;
  private final PhraseProgress[] running; // [numBeams]
  private final List<Candidate> advancing = new ArrayList<>(); // of this step

  private record Candidate(int beam, int id, float score, PhraseProgress progress) {}

  private PhraseBanks(List<Phrase> phrases, int numBeams) {
    this.longest = phrases.stream().mapToInt(Phrase::length).max().orElseThrow();
    this.running = new PhraseProgress[numBeams];
    Arrays.fill(running, PhraseProgress.begin(phrases));
  }

  /** Returns the banks of a search, or null if its constraint has no phrases. */
  static @Nullable PhraseBanks of(
      @Nullable State constraint, @Nullable Tokenizer tokenizer, int numBeams) {
    if (constraint == null || tokenizer == null || constraint.phrases().isEmpty()) {
      return null;
    }
    List<Phrase> phrases = new ArrayList<>();
    for (List<String> alternatives : constraint.phrases()) {
      List<int[]> spellings = new ArrayList<>();
      for (String text : alternatives) {
        spellings.add(tokenizer.encode(text)); // at the beginning of a text or of a word
        spellings.add(tokenizer.encodeContinuation(List.of(new TextPart(text, false))));
      }
      phrases.add(Phrase.of(spellings));
    }
    return new PhraseBanks(phrases, numBeams);
  }

  /** Begins a step. */
  void clear() {
    advancing.clear();
  }

  /** Notes the continuations of a beam that come further. */
  void offer(int beam, float[] logProbabilities, float beamScore) {
    for (int id : running[beam].nextIds()) {
      float score = logProbabilities[id] + beamScore;
      if (score > Float.NEGATIVE_INFINITY) {
        advancing.add(new Candidate(beam, id, score, running[beam].after(id)));
      }
    }
  }

  /** Returns whether all phrases occurred in a beam. */
  boolean isComplete(int beam) {
    return running[beam].isComplete();
  }

  /** Returns whether all phrases occurred in a beam and its next id. */
  boolean isComplete(int beam, int nextId) {
    return running[beam].after(nextId).isComplete();
  }

  /**
   * Chooses the beams of the next step.
   *
   * @param beams the likeliest continuations; then the chosen ones, as many or more, up to numBeams
   */
  void choose(BeamCandidates beams) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < beams.size(); i++) {
      int beam = beams.beam(i);
      int id = beams.id(i);
      all.add(new Candidate(beam, id, beams.score(i), running[beam].after(id)));
    }
    int likeliest = all.size();
    for (Candidate candidate : advancing) {
      boolean known =
          all.subList(0, likeliest).stream()
              .anyMatch(other -> other.beam == candidate.beam && other.id == candidate.id);
      if (!known) {
        all.add(candidate);
      }
    }
    List<Candidate> chosen = likeliest == all.size() ? all : byBanks(all);
    beams.clear();
    int count = Math.min(chosen.size(), running.length);
    for (int i = 0; i < count; i++) {
      beams.append(chosen.get(i).score, chosen.get(i).beam, chosen.get(i).id);
      running[i] = chosen.get(i).progress;
    }
  }

  private List<Candidate> byBanks(List<Candidate> all) {
    all.sort(
        Comparator.comparingDouble(
            candidate -> -(bank(candidate) * BANK_WEIGHT + candidate.score)));
    record Placed(int placeInBank, Candidate candidate) {}
    List<Placed> placed = new ArrayList<>();
    int place = 0;
    for (int i = 0; i < all.size(); i++) {
      boolean sameBank = i > 0 && bank(all.get(i)) == bank(all.get(i - 1));
      place = sameBank ? place + 1 : 0;
      placed.add(new Placed(place, all.get(i)));
    }
    placed.sort(Comparator.comparingInt(Placed::placeInBank));
    return placed.stream().map(Placed::candidate).toList();
  }

  private int bank(Candidate candidate) {
    return candidate.progress.bank(longest);
  }
}
