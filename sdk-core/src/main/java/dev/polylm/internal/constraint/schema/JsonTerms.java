package dev.polylm.internal.constraint.schema;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.term.Spelling;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import dev.polylm.internal.constraint.term.Words;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The punctuation of JSON, with the white space around it: none, a space, or a line end with an
 * indentation. White space is limited, so that a model can't write it for ever.
 */
final class JsonTerms {
  private static final int MAX_INDENTATION = 24;

  private final Terms terms;
  private final Spelling spelling;
  private final Map<String, Term> names = new HashMap<>();
  final Term comma;
  final Term colon;
  final Term openArray;
  final Term closeArray;
  final Term openObject;
  final Term closeObject;

  JsonTerms(Terms terms, Spelling spelling) {
    this.terms = terms;
    this.spelling = spelling;
    Term indentation =
        terms.repeat(terms.either(terms.literal(" "), terms.literal("\t")), 0, MAX_INDENTATION);
    Term space =
        terms.optional(
            terms.either(terms.literal(" "), terms.concat(terms.literal("\n"), indentation)));
    comma = terms.concat(terms.literal(","), space);
    colon = terms.concat(terms.literal(":"), space);
    openArray = terms.concat(terms.literal("["), space);
    closeArray = terms.concat(space, terms.literal("]"));
    openObject = terms.concat(terms.literal("{"), space);
    closeObject = terms.concat(space, terms.literal("}"));
  }

  Term quoted(Term inner) {
    return terms.concat(terms.literal("\""), inner, terms.literal("\""));
  }

  /** Returns a term for a member's name and its colon. */
  Term name(String name) {
    return names.computeIfAbsent(name, n -> terms.concat(quoted(spelling.text(n)), colon));
  }

  /** Returns a term for any of the values, each in one spelling. */
  Term values(Collection<JsonNode> values) {
    List<byte[]> words = new ArrayList<>();
    List<Term> all = new ArrayList<>();
    for (JsonNode value : values) {
      if (value.isContainerNode()) {
        all.add(value(value));
      } else {
        words.add(scalar(value));
      }
    }
    all.add(Words.any(terms, words));
    return terms.either(all);
  }

  private byte[] scalar(JsonNode value) {
    if (value.isTextual()) {
      byte[] inner = spelling.bytes(value.textValue());
      byte[] quoted = new byte[inner.length + 2];
      System.arraycopy(inner, 0, quoted, 1, inner.length);
      quoted[0] = '"';
      quoted[inner.length + 1] = '"';
      return quoted;
    }
    String text = value.isNumber() ? JsonValues.number(value.decimalValue()) : value.toString();
    return text.getBytes(US_ASCII);
  }

  private Term value(JsonNode value) {
    if (!value.isContainerNode()) {
      return terms.literal(scalar(value));
    }
    List<Term> parts = new ArrayList<>();
    parts.add(value.isArray() ? openArray : openObject);
    boolean first = true;
    if (value.isArray()) {
      for (JsonNode item : value) {
        parts.add(first ? Terms.EPSILON : comma);
        parts.add(value(item));
        first = false;
      }
    } else {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        parts.add(first ? Terms.EPSILON : comma);
        parts.add(name(member.getKey()));
        parts.add(value(member.getValue()));
        first = false;
      }
    }
    parts.add(value.isArray() ? closeArray : closeObject);
    return terms.concat(parts.toArray(Term[]::new));
  }
}
