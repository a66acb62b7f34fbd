package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.untrusted.Utf8;
import dev.polylm.prompt.Language;
import dev.polylm.prompt.Prompt;
import dev.polylm.prompt.PromptForm;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Translates lines of a file, each a text or a JSON object. */
final class LineTranslator {
  private static final String TEXT = "text";

  private final PolyLm polyLm;
  private final GenerationConfig config;
  private final Language from;
  private final Language to;
  private final @Nullable Glossary glossary;
  private final List<Integer> endsOfLine; // empty without a glossary
  private final boolean jsonl;

  /**
   * @param glossary holds for texts between these languages; null for none
   */
  LineTranslator(
      PolyLm polyLm,
      GenerationConfig config,
      Language from,
      Language to,
      @Nullable Glossary glossary,
      boolean jsonl) {
    this.polyLm = polyLm;
    this.config = config;
    this.from = from;
    this.to = to;
    this.glossary = glossary;
    this.endsOfLine = glossary == null ? List.of() : endsOfLine(polyLm, config);
    this.jsonl = jsonl;
  }

  /** A line whose translation was begun. */
  interface Pending {
    /**
     * Waits for the translation and returns the line to write.
     *
     * @throws PolyLmException if the line can't be translated; {@link #failed} gives the line to
     *     write instead
     */
    String line();

    String failed(PolyLmException e);

    void cancel();
  }

  /** Begins to translate a line. What is wrong with it, {@link Pending#line} tells. */
  Pending start(byte[] line) {
    try {
      return jsonl ? object(JsonRequest.parse(line)) : text(Utf8.decode(line));
    } catch (PolyLmException e) {
      return new Failed(e, null);
    } catch (CharacterCodingException e) {
      return new Failed(new PolyLmException("the line is not UTF-8", e), null);
    }
  }

  /** Returns the place of a line that could not be read. */
  Pending failed(PolyLmException e) {
    return new Failed(e, null);
  }

  private Pending text(String text) {
    String stripped = text.strip();
    return new Started(stripped.isEmpty() ? null : begin(stripped, from, to, true), null);
  }

  private Pending object(JsonRequest request) {
    boolean oneLine = polyLm.promptForm() == PromptForm.BASE;
    try {
      GenerationHandle handle =
          begin(
              request.text(TEXT),
              language(request, "from", from),
              language(request, "to", to),
              oneLine);
      return new Started(handle, request.copy());
    } catch (PolyLmException e) {
      return new Failed(e, request.copy());
    }
  }

  private static Language language(JsonRequest request, String key, Language otherwise) {
    return request.has(key) ? Language.of(request.text(key)) : otherwise;
  }

  /**
   * Begins to translate a text.
   *
   * @param oneLine whether the translation ends with its first line: a base model does not know
   *     that it is done, and writes on
   */
  private GenerationHandle begin(String text, Language source, Language target, boolean oneLine) {
    Prompt prompt = polyLm.promptForm().translation(text, source, target);
    GenerationRequest request = GenerationRequest.ofPrompt(prompt).withConfig(config);
    Constraint terms =
        glossary == null || source != from || target != to ? null : glossary.constraint(text);
    if (terms != null) {
      request = oneLine ? lineWith(prompt) : request;
      return polyLm.start(request.withConstraint(terms));
    }
    GenerationConfig all = config.over(polyLm.generationDefaults());
    if (!oneLine || all.numBeams() > 1 || all.numReturnSequences() > 1) {
      return polyLm.start(request);
    }
    AtomicReference<@Nullable GenerationHandle> handle = new AtomicReference<>();
    StringBuilder soFar = new StringBuilder();
    GenerationHandle started =
        polyLm.start(
            request.withTextListener(
                piece -> {
                  soFar.append(piece);
                  GenerationHandle known = handle.get();
                  if (known != null && soFar.toString().strip().contains("\n")) {
                    known.cancel();
                  }
                }));
    handle.set(started);
    return started;
  }

  /** Asks for one line, which ends with a line break at the latest, but not before all terms. */
  private GenerationRequest lineWith(Prompt prompt) {
    return GenerationRequest.ofPrompt(polyLm.promptForm().beginReply(prompt))
        .withConfig(config.toBuilder().eosTokenId(endsOfLine).build());
  }

  /** Returns the ids that end a line, those that end an answer included. */
  private static List<Integer> endsOfLine(PolyLm polyLm, GenerationConfig config) {
    List<Integer> ends = new ArrayList<>(config.over(polyLm.generationDefaults()).eosTokenId());
    for (int id = 0; id < polyLm.tokenizer().vocabSize(); id++) {
      if (new String(polyLm.tokenizer().bytes(id), StandardCharsets.UTF_8).contains("\n")) {
        ends.add(id);
      }
    }
    return ends;
  }

  /** Returns the first line of a text that is not blank. */
  private static String firstLine(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
  }

  /** A line that the model translates. */
  private final class Started implements Pending {
    private final @Nullable GenerationHandle handle;
    private final @Nullable ObjectNode object;

    Started(@Nullable GenerationHandle handle, @Nullable ObjectNode object) {
      this.handle = handle;
      this.object = object;
    }

    @Override
    public String line() {
      String text = handle == null ? "" : handle.result().text();
      if (object == null) {
        return firstLine(text);
      }
      boolean base = polyLm.promptForm() == PromptForm.BASE;
      return object.put("translation", base ? firstLine(text) : text.strip()).toString();
    }

    @Override
    public String failed(PolyLmException e) {
      return object == null ? "" : object.put("error", e.getMessage()).toString();
    }

    @Override
    public void cancel() {
      if (handle != null) {
        handle.cancel();
      }
    }
  }

  /** A line that is not translated. */
  private final class Failed implements Pending {
    private final PolyLmException reason;
    private final @Nullable ObjectNode object;

    /**
     * @param object the line's object; null if it is none
     */
    Failed(PolyLmException reason, @Nullable ObjectNode object) {
      this.reason = reason;
      this.object = object;
    }

    @Override
    public String line() {
      throw reason;
    }

    @Override
    public String failed(PolyLmException e) {
      if (!jsonl) {
        return "";
      }
      ObjectNode answer = object == null ? JsonParts.object() : object;
      return answer.put("error", e.getMessage()).toString();
    }

    @Override
    public void cancel() {}
  }
}
