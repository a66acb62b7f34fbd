package dev.polylm.internal.constraint.mask;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.polylm.constraint.Constraint;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random answers under a schema's masks, judged by another validator. */
final class DrawnDocumentsTest {
  private static final int OF_EACH = 8;
  private static final int LONGEST = 300;

  private final PieceVocabulary vocabulary = PieceVocabulary.load(true);
  private final ConstraintDecoder decoder = new ConstraintDecoder(vocabulary);
  private final RandomWalk walk = new RandomWalk(vocabulary, 7);
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Test
  void everyAnswerIsValid() {
    int finished = 0;
    for (JsonNode schema : Schemas.all()) {
      Schema judge = registry.getSchema(schema.toString(), InputFormat.JSON);
      Constraint constraint = Constraint.jsonSchema(schema);
      for (int i = 0; i < OF_EACH; i++) {
        walk.shuffle();
        String answer = draw(constraint);
        if (answer != null) {
          assertThat(errors(judge, answer)).as(schema + " let through " + answer).isEmpty();
          finished++;
        }
      }
    }
    assertThat(finished).isGreaterThan(OF_EACH * Schemas.all().size() * 9 / 10);
  }

  private static List<Error> errors(Schema judge, String answer) {
    return judge.validate(
        answer,
        InputFormat.JSON,
        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
  }

  /** An answer that ended, or null where it became too long. */
  private String draw(Constraint constraint) {
    State state = decoder.begin(constraint, PieceVocabulary.EOS);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    for (int step = 0; step < LONGEST; step++) {
      if (state.mustEnd() || (state.mayEnd() && walk.chance(3))) {
        return answer.toString(UTF_8);
      }
      Mask mask = state.mask();
      int id = step < 20 ? walk.draw(mask) : walk.drawToEnd(mask);
      assertThat(id).as(constraint + " goes on after " + answer).isNotNegative();
      boolean written = answer.size() > 0;
      answer.writeBytes(
          step == 0
              ? vocabulary.firstBytes(id)
              : written ? vocabulary.bytes(id) : vocabulary.leadingBytes(id));
      state = state.after(id);
    }
    return null;
  }
}
