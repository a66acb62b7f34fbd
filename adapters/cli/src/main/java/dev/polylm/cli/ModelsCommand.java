package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the models that need no path. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description =
        "Lists the models in $POLYLM_HOME, whose names --model takes, and the embedded one.")
final class ModelsCommand implements Callable<Integer> {
  private static final String EMBEDDED = "embedded";
  private static final String FORMAT = "%-24s %-10s %-12s %8s %10s  %s%n";

  private final Streams streams;

  @Option(names = "--json", description = "Prints a JSON list.")
  private boolean json;

  /** A model: the name that --model takes, what its manifest says, and where it is. */
  private record Listed(String name, Manifest manifest, String place) {
    long bytes() {
      return manifest.files().values().stream().mapToLong(FileFacts::bytes).sum();
    }
  }

  ModelsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    List<Listed> models = new ArrayList<>();
    boolean allWork = true;
    for (Path folder : ModelHome.of(streams.environment()).models()) {
      try (ModelDirectory directory = ModelDirectory.open(folder)) {
        String name = String.valueOf(folder.getFileName());
        models.add(new Listed(name, directory.manifest(), folder.toString()));
      } catch (PolyLmException e) {
        allWork = false;
        streams.sayError(String.valueOf(e.getMessage()), "");
      }
    }
    try (ModelDirectory embedded = ModelDirectory.openEmbedded()) {
      models.add(new Listed(embedded.manifest().name(), embedded.manifest(), EMBEDDED));
    } catch (PolyLmException e) {
      streams.sayIfVerbose(String.valueOf(e.getMessage()));
    }
    streams.print(json ? json(models) : table(models));
    return allWork ? ExitCodes.OK : ExitCodes.SOME_FAILED;
  }

  private static String table(List<Listed> models) {
    StringBuilder text =
        new StringBuilder(
            FORMAT.formatted("NAME", "WEIGHTS", "PROMPTS", "CONTEXT", "SIZE", "PLACE"));
    for (Listed model : models) {
      text.append(
          FORMAT.formatted(
              model.name,
              model.manifest.weights(),
              model.manifest.promptForm(),
              model.manifest.model().contextLength(),
              String.format(Locale.ROOT, "%.1f MB", model.bytes() / 1e6),
              model.place));
    }
    return text.toString();
  }

  private static String json(List<Listed> models) {
    ArrayNode list = JsonParts.array();
    for (Listed model : models) {
      ObjectNode entry = list.addObject();
      entry.put("name", model.name);
      entry.put("weights", model.manifest.weights());
      entry.put("prompt_form", model.manifest.promptForm());
      entry.put("context_length", model.manifest.model().contextLength());
      entry.put("bytes", model.bytes());
      entry.put("place", model.place);
    }
    return list + "\n";
  }
}
