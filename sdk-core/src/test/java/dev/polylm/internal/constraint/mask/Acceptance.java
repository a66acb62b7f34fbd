package dev.polylm.internal.constraint.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.constraint.Constraint;

/** Whether a constraint lets a text through, byte by byte. */
public final class Acceptance {
  private static final ConstraintDecoder BYTES = new ConstraintDecoder(PieceVocabulary.ofBytes());

  private Acceptance() {}

  /** The whole text, and then an end. */
  public static boolean accepts(Constraint constraint, String text) {
    State state = BYTES.begin(constraint, PieceVocabulary.EOS);
    for (byte b : text.getBytes(UTF_8)) {
      int id = PieceVocabulary.idOfByte(b);
      assertThat(state.mask().allows(id)).as("mask and step").isEqualTo(state.allows(id));
      if (!state.allows(id)) {
        return false;
      }
      state = state.after(id);
    }
    assertThat(state.mask().allows(PieceVocabulary.EOS)).isEqualTo(state.mayEnd());
    return state.mayEnd();
  }
}
