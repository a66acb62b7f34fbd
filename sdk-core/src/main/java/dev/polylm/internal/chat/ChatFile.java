package dev.polylm.internal.chat;

import dev.polylm.PolyLmException;
import dev.polylm.internal.chat.History.Turn;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.saved.KeysAndValues;
import dev.polylm.internal.saved.SavedFile;
import dev.polylm.model.FileFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file of a saved conversation: a {@link SavedFile} of {@link Contents}. After them come the
 * number of ids that have keys and values in the file, an int, and these keys and values, as {@link
 * KeysAndValues} writes them.
 */
final class ChatFile {
  private static final SavedFile FORM = new SavedFile("PolyLM chat", "saved conversation");

  private ChatFile() {}

  /**
   * @param tokenizer the SHA-256 of the tokenizer that made the ids
   * @param model identifies the model of the keys and values by its files
   * @param promptForm the form of the requests
   */
  private record Contents(
      String tokenizer,
      Map<String, FileFacts> model,
      String promptForm,
      @Nullable String system,
      List<Turn> turns) {

    boolean complete() {
      return Stream.of(tokenizer, model, promptForm, turns).allMatch(Objects::nonNull)
          && turns.stream().allMatch(turn -> turn != null && turn.complete());
    }
  }

  static void write(Path file, ChatModel model, History history, boolean withCache) {
    Contents contents =
        new Contents(
            tokenizerOf(model),
            model.manifest().files(),
            model.form().toString(),
            history.system(),
            history.turns());
    FORM.write(
        file,
        contents,
        out -> {
          if (withCache) {
            model.keysAndValues().write(history.ids(), out);
          } else {
            out.writeInt(0);
          }
        });
  }

  static History read(Path file, ChatModel model) {
    return FORM.read(
        file,
        Contents.class,
        (contents, in) -> {
          if (contents == null || !contents.complete()) {
            throw new PolyLmException(
                file
                    + ": lacks one of tokenizer, model, prompt_form, turns and their texts and ids");
          }
          check(file, contents, model);
          History history = new History(contents.system, contents.turns);
          if (contents.model.equals(model.manifest().files())) {
            model.keysAndValues().read(history.ids(), in);
          }
          return history;
        });
  }

  private static void check(Path file, Contents contents, ChatModel model) {
    if (!contents.tokenizer.equals(tokenizerOf(model))) {
      throw new PolyLmException(file + ": was saved by a model with another tokenizer");
    }
    if (!contents.promptForm.equals(model.form().toString())) {
      throw new PolyLmException(
          "%s: was saved with prompt form %s, the model's is %s"
              .formatted(file, contents.promptForm, model.form()));
    }
    int length = contents.turns.stream().mapToInt(Turn::length).sum();
    if (length > model.contextLength()) {
      throw new PolyLmException(
          "%s: has %s ids, the model's context is %s"
              .formatted(file, length, model.contextLength()));
    }
    for (Turn turn : contents.turns) {
      model.manifest().model().checkIds(turn.requestIds());
      if (turn.replyIds().length > 0) {
        model.manifest().model().checkIds(turn.replyIds());
      }
    }
  }

  private static String tokenizerOf(ChatModel model) {
    FileFacts facts = model.manifest().files().get(ModelDirectory.TOKENIZER);
    if (facts == null) {
      throw new PolyLmException("the manifest names no " + ModelDirectory.TOKENIZER);
    }
    return facts.sha256();
  }
}
