package dev.polylm.export.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.checkpoint.SafetensorsReader;
import dev.polylm.export.checkpoint.TorchReader;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An open PEFT LoRA adapter on {@code c_attn}, {@code c_proj}, {@code c_fc} or {@code lm_head},
 * with the biases and whole modules that were trained beside it. Safe for use by several threads.
 * Its tensors can be read until it or the checkpoint is closed.
 *
 * <p>It holds both matrices of one module at a time as floats, at most 128 MB. So read the tensors
 * one after the other.
 */
public final class LoraAdapter implements AutoCloseable {
  private static final String SAFETENSORS = "adapter_model.safetensors";

  /** PEFT before 0.7 saves this file; later versions do so on request. */
  private static final String TORCH = "adapter_model.bin";

  private final LoraConfig config;
  private final Path directory;
  private final WeightFile file;
  private final AdapterTensors tensors;
  private final AtomicReference<@Nullable Loaded> loaded = new AtomicReference<>();

  private LoraAdapter(LoraConfig config, Path directory, WeightFile file, AdapterTensors tensors) {
    this.config = config;
    this.directory = directory;
    this.file = file;
    this.tensors = tensors;
  }

  private record Loaded(String module, boolean outputsFirst, LowRank.Factors factors) {}

  /**
   * A checkpoint with the adapter merged.
   *
   * @param config the checkpoint's; if the adapter changes a tied head, the head is no longer tied
   * @param tensors the checkpoint's, except those that the adapter changes
   */
  public record Merged(ModelConfig config, Map<String, StoredTensor> tensors) {}

  /**
   * Opens an adapter's folder.
   *
   * @throws PolyLmException if it holds no LoRA adapter, a file is broken, or the adapter asks for
   *     something that this class does not do
   */
  public static LoraAdapter open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new PolyLmException(directory + ": is not a folder, expected an adapter's folder");
    }
    LoraConfig config = LoraConfig.read(directory.resolve(LoraConfig.FILE_NAME));
    boolean torch =
        Files.notExists(directory.resolve(SAFETENSORS), LinkOption.NOFOLLOW_LINKS)
            && Files.exists(directory.resolve(TORCH), LinkOption.NOFOLLOW_LINKS);
    WeightFile file = WeightFile.open(directory.resolve(torch ? TORCH : SAFETENSORS));
    try {
      AdapterTensors tensors =
          AdapterTensors.of(torch ? TorchReader.read(file) : SafetensorsReader.read(file));
      return new LoraAdapter(config, directory, file, tensors);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /** Returns what the configuration says without effect on the result, a sentence each. */
  public List<String> warnings() {
    return config.unmatched(tensors.pairs().stream().map(AdapterTensors.Pair::module).toList());
  }

  /** Returns what is left out of the file that models load at run time, a sentence each. */
  public List<String> leftOut() {
    return tensors.replacements().values().stream()
        .filter(LoraAdapter::isBaseOfHead)
        .map(
            tensor ->
                "%s: %s is left out: the head of the model that loads the adapter must be the same"
                    .formatted(file.path(), tensor.name()))
        .toList();
  }

  /** Returns the files that were used. */
  public List<Path> files() {
    return List.of(directory.resolve(LoraConfig.FILE_NAME), file.path());
  }

  /**
   * Merges the adapter into a checkpoint's tensors.
   *
   * @param base by name, with or without the prefix {@code transformer.}; matrices of the layers
   *     [in, out] or [out, in], which the shape of {@code c_attn} tells
   * @throws PolyLmException if the adapter does not fit the checkpoint
   */
  public Merged merge(ModelConfig baseConfig, Map<String, StoredTensor> base) {
    Map<String, StoredTensor> merged = new TreeMap<>(base);
    BaseWeights weights = new BaseWeights(baseConfig, base);
    boolean tied = baseConfig.tieWordEmbeddings() && !tensors.parts();
    if (!tied && baseConfig.tieWordEmbeddings()) {
      merged.putIfAbsent(AdapterTensors.HEAD + ".weight", weights.embedding());
    }
    tensors
        .replacements()
        .forEach(
            (name, tensor) -> merged.put(weights.nameOf(name), weights.replacing(name, tensor)));
    for (AdapterTensors.Pair pair : tensors.pairs()) {
      String module = pair.module();
      BaseWeights.Weight weight =
          weights.of(module, tensors.replacements().get(module + ".weight"));
      LowRank lowRank = new LowRank(module, pair.a(), pair.b(), config.scale(module));
      lowRank.check(config.rank(module), weight.in(), weight.out());
      boolean outputsFirst = weight.outputsFirst();
      Supplier<LowRank.Factors> factors = () -> factors(lowRank, outputsFirst);
      merged.put(weight.name(), new MergedTensor(weight.name(), weight.tensor(), factors));
    }
    return new Merged(withTied(baseConfig, tied), merged);
  }

  /**
   * Writes the adapter as a file that models load at run time, which replaces an older one at once.
   * Its matrices are [in, out] there, and their scale is in the second factor.
   *
   * @throws PolyLmException if it changes more than the layers' matrices and the head, or the file
   *     can't be written
   */
  public List<AdapterMatrix.Shape> write(Path target) {
    checkRunTime();
    Map<String, LowRank> byName = new TreeMap<>();
    List<AdapterMatrix.Shape> shapes = new ArrayList<>();
    for (AdapterTensors.Pair pair : tensors.pairs()) {
      LowRank lowRank = new LowRank(pair.module(), pair.a(), pair.b(), config.scale(pair.module()));
      AdapterMatrix.Shape shape = lowRank.shape(config.rank(pair.module()));
      if (byName.put(shape.name(), lowRank) != null) {
        throw new PolyLmException(
            "%s: changes %s twice, expected once".formatted(file.path(), shape.name()));
      }
      shapes.add(shape);
    }
    AdapterFile.write(
        target, shapes, shape -> Objects.requireNonNull(byName.get(shape.name())).factorsOf(shape));
    return shapes;
  }

  /** PEFT also saves the weight that a changed head adds to. It is the model's own. */
  private static boolean isBaseOfHead(StoredTensor tensor) {
    return tensor.name().endsWith(AdapterTensors.HEAD + ".base_layer.weight");
  }

  private void checkRunTime() {
    String why = "can't change at run time; merge the adapter with polylm export --adapter";
    tensors
        .replacements()
        .forEach(
            (name, tensor) -> {
              if (!isBaseOfHead(tensor)) {
                throw new PolyLmException(
                    "%s: replaces %s, which %s".formatted(file.path(), name, why));
              }
            });
    if (tensors.pairs().isEmpty()) {
      throw new PolyLmException(file.path() + ": changes no matrix");
    }
  }

  /** Two threads may load the same module at the same time; both results are the same. */
  private LowRank.Factors factors(LowRank lowRank, boolean outputsFirst) {
    Loaded last = loaded.get();
    if (last != null
        && last.module().equals(lowRank.module())
        && last.outputsFirst() == outputsFirst) {
      return last.factors();
    }
    LowRank.Factors factors = lowRank.load(outputsFirst);
    loaded.set(new Loaded(lowRank.module(), outputsFirst, factors));
    return factors;
  }

  private static ModelConfig withTied(ModelConfig config, boolean tied) {
    return new ModelConfig(
        config.vocabSize(),
        config.nPositions(),
        config.nEmbd(),
        config.nLayer(),
        config.nHead(),
        config.nInner(),
        config.activation(),
        config.layerNormEpsilon(),
        config.scaleAttnWeights(),
        config.scaleAttnByInverseLayerIdx(),
        tied);
  }

  /** Closes the adapter's file; a second call does nothing. */
  @Override
  public void close() {
    file.close();
  }
}
