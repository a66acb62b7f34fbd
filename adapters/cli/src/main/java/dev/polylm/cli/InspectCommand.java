package dev.polylm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.export.Inspection;
import dev.polylm.export.Inspector;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.untrusted.Quoted;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import dev.polylm.model.QkvFacts;
import dev.polylm.model.TextPerplexity;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what an exported folder holds. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Checks an exported model's files and shows what they hold.")
final class InspectCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Streams streams;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "The folder that polylm export wrote; the same as --model.")
  private @Nullable String folder;

  @Mixin private ModelOptions model = new ModelOptions();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  InspectCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws JsonProcessingException {
    if (folder != null) {
      model.setModel(spec, folder);
    }
    try (ModelDirectory directory = model.openDirectory(streams)) {
      Inspection inspection = Inspector.inspect(directory.path());
      streams.print(json ? JSON.writeValueAsString(inspection) + "\n" : text(inspection));
      return ExitCodes.OK;
    }
  }

  private static String text(Inspection inspection) {
    Manifest manifest = inspection.manifest();
    ModelDimensions model = manifest.model();
    StringBuilder text = new StringBuilder();
    line(text, "name", manifest.name());
    line(text, "graph", manifest.graph());
    Integer blockSize = manifest.blockSize();
    line(
        text,
        "weights",
        manifest.weights() + (blockSize == null ? "" : " in blocks of " + blockSize));
    line(text, "activations", manifest.activations());
    line(text, "key/value cache", manifest.kvCache());
    line(
        text,
        "on a GPU",
        manifest.runsWholeOnGpu()
            ? "all of it"
            : "all but the attention and the cache, which stay on the CPU");
    line(text, "prompt form", manifest.promptForm());
    QkvFacts qkv = manifest.qkv();
    line(text, "order of c_attn", qkv == null ? "unknown" : qkv.layout() + ": " + qkv.reason());
    TextPerplexity perplexity = manifest.perplexity();
    line(text, "perplexity of texts", perplexity == null ? "unknown" : perplexity.all());
    line(text, "tokenizer", manifest.tokenizer() == null ? "none: ids only" : "yes");
    line(text, "layers", model.layers());
    line(text, "hidden size", model.hiddenSize());
    line(text, "heads", "%s of width %s".formatted(model.heads(), model.headDim()));
    line(text, "vocabulary", model.vocabSize());
    line(text, "context length", model.contextLength());
    text.append("\nFiles, each with the checksum that the manifest states:\n");
    manifest.files().forEach((name, facts) -> line(text, name, bytes(facts.bytes())));
    line(text, "together", bytes(inspection.bytes()));
    totals(text, "Weights by kind", inspection.kinds());
    totals(text, "Weights by type", inspection.types());
    text.append("\nOperators:\n");
    inspection.operators().forEach((name, count) -> line(text, name, count));
    return text.toString();
  }

  private static void totals(
      StringBuilder text, String title, Map<String, Inspection.Total> totals) {
    text.append('\n').append(title).append(":\n");
    totals.forEach(
        (name, total) ->
            line(text, name, "%s in %s tensors".formatted(bytes(total.bytes()), total.tensors())));
  }

  private static String bytes(long bytes) {
    return String.format(Locale.ROOT, "%,d bytes", bytes);
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(
        String.format(Locale.ROOT, "  %-36s %s\n", name, Quoted.line(String.valueOf(value))));
  }
}
