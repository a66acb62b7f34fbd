package dev.polylm.langchain4j;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part that all builders of this package share. It says where the model comes from. Set one of
 * {@link #modelPath}, {@link #modelsPath} and {@link #polyLm}. Without any of them the builder
 * takes the model on the class path, such as the one in the artifact polylm-tiny.
 *
 * <pre>{@code
 * PolyLmEmbeddingModel model =
 *     PolyLmEmbeddingModel.builder().modelPath("polylm-1.7b-onnx").threads(4).build();
 * }</pre>
 *
 * <p>A setter has the name and the type of its field, and null leaves it open. So reflection can
 * fill a builder from a configuration. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class PolyLmBuilder<B extends PolyLmBuilder<B>> {
  private @Nullable String modelPath;
  private @Nullable String modelsPath;
  private @Nullable PolyLm polyLm;
  private @Nullable String modelName;
  private @Nullable String device;
  private @Nullable Integer threads;
  private @Nullable String draft;
  private @Nullable Map<String, String> adapters;
  private @Nullable Map<String, Adapter> loadedAdapters;

  PolyLmBuilder() {}

  /**
   * Sets the folder of a model that {@code polylm export} wrote. Closing what this builder builds
   * closes the model.
   */
  public B modelPath(@Nullable String modelPath) {
    this.modelPath = modelPath;
    return self();
  }

  /**
   * Sets a folder that holds several such folders. The first request for a name opens the model
   * whose manifest has that name. Closing what this builder builds closes them all.
   */
  public B modelsPath(@Nullable String modelsPath) {
    this.modelsPath = modelsPath;
    return self();
  }

  /**
   * Sets a model that is open already and may have other users. Each user closes its own part, in
   * any order. The last close frees the model. It runs as it was opened, so {@link #device}, {@link
   * #threads} and {@link #draft} must be left open.
   */
  public B polyLm(@Nullable PolyLm polyLm) {
    this.polyLm = polyLm;
    return self();
  }

  /**
   * Sets the model that answers requests that name none. Needed if there are several. {@code
   * model:adapter} is a model with one of the {@link #adapters} or {@link #loadedAdapters}.
   */
  public B modelName(@Nullable String modelName) {
    this.modelName = modelName;
    return self();
  }

  /**
   * Sets where the model runs: {@code cpu}, {@code cuda}, {@code cuda:N} or {@code auto}; see
   * {@link PolyLmOptions.Builder#device}. If it is left open, the model runs on the CPU.
   */
  public B device(@Nullable String device) {
    this.device = device;
    return self();
  }

  /**
   * Sets how many threads a run of the model uses, at least 1. If it is left open, there is one for
   * each core.
   */
  public B threads(@Nullable Integer threads) {
    this.threads = threads;
    return self();
  }

  /**
   * Sets the folder of a small model with the same vocabulary, which guesses tokens; see {@link
   * PolyLmOptions.Builder#draft}. If it is left open, nothing is guessed.
   */
  public B draft(@Nullable String draft) {
    this.draft = draft;
    return self();
  }

  /**
   * Sets the files of adapters by name. A request's {@code modelName}, or the builder's, may then
   * be {@code model:adapter}. The first request for such a name loads the file; see {@link
   * PolyLm#loadAdapter}. Closing what this builder builds closes them. Each thing that is built
   * loads the files for itself; {@link #loadedAdapters} are shared.
   */
  public B adapters(@Nullable Map<String, String> adapters) {
    this.adapters = adapters == null ? null : Map.copyOf(adapters);
    return self();
  }

  /**
   * Sets adapters by name that the model of {@link #polyLm} has loaded. They work like {@link
   * #adapters}, and no name may be in both. Several models can share them. Closing what this
   * builder builds leaves them open: the caller closes them. Requests for a closed one are refused.
   */
  public B loadedAdapters(@Nullable Map<String, Adapter> loadedAdapters) {
    this.loadedAdapters = loadedAdapters == null ? null : Map.copyOf(loadedAdapters);
    return self();
  }

  /** Returns the builder in its own type. */
  @SuppressWarnings("unchecked") // B is the type of the builder itself
  B self() {
    return (B) this;
  }

  /**
   * Returns the place of the models.
   *
   * @throws IllegalArgumentException if two places are set, or what doesn't belong to one
   */
  ModelSource source() {
    checkNothingOfAnOpenModel();
    PolyLmOptions options =
        PolyLmOptions.builder()
            .device(device == null ? "cpu" : device)
            .threads(threads == null ? 0 : threads)
            .draft(draft == null ? null : Path.of(draft))
            .build();
    NamedAdapters named =
        NamedAdapters.of(
            adapters == null ? Map.of() : adapters,
            loadedAdapters == null ? Map.of() : loadedAdapters,
            polyLm);
    return ModelSource.of(modelPath, modelsPath, polyLm, named, options);
  }

  private void checkNothingOfAnOpenModel() {
    String set = device != null ? "device" : threads != null ? "threads" : "draft";
    if (polyLm != null && (device != null || threads != null || draft != null)) {
      throw new IllegalArgumentException(
          "polyLm and %1$s are set; a model that is open keeps its %1$s, so set only one of them"
              .formatted(set));
    }
  }

  /** Returns the name that the builder was given. */
  @Nullable String modelName() {
    return modelName;
  }

  /**
   * Opens the model.
   *
   * @param name the model that answers if a request names none, or null for the only one
   */
  LazyModels open(@Nullable String name) {
    return LazyModels.open(source(), name);
  }
}
