package dev.polylm.langchain4j;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import org.jspecify.annotations.Nullable;

/**
 * What all builders of this package have: where the model comes from. One of {@link #modelPath},
 * {@link #modelsPath} and {@link #polyLm} may be set; with none of them it is the model on the
 * class path, such as that of the artifact polylm-tiny.
 *
 * <p>A setter is named like its field and has its type, and null leaves it open, so a builder can
 * be filled from a configuration by reflection. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class PolyLmBuilder<B extends PolyLmBuilder<B>> {
  private @Nullable String modelPath;
  private @Nullable String modelsPath;
  private @Nullable PolyLm polyLm;
  private @Nullable String modelName;
  private @Nullable Integer threads;

  PolyLmBuilder() {}

  /** The folder of a model that {@code polylm export} wrote. It is opened, and closed with this. */
  public B modelPath(@Nullable String modelPath) {
    this.modelPath = modelPath;
    return self();
  }

  /**
   * A folder with several such folders in it. A model is opened when it is first asked for by its
   * name, which its manifest gives, and all are closed with this.
   */
  public B modelsPath(@Nullable String modelsPath) {
    this.modelsPath = modelsPath;
    return self();
  }

  /**
   * A model that is open already, whoever else uses it. Each closes what is its own, in any order;
   * the model is freed with the last.
   */
  public B polyLm(@Nullable PolyLm polyLm) {
    this.polyLm = polyLm;
    return self();
  }

  /**
   * The name of the model that is asked where a request names none. To be set where there are
   * several.
   */
  public B modelName(@Nullable String modelName) {
    this.modelName = modelName;
    return self();
  }

  /** Threads that one run of the model uses, at least 1; left open, one for each core. */
  public B threads(@Nullable Integer threads) {
    this.threads = threads;
    return self();
  }

  /** The builder, in its own type. */
  @SuppressWarnings("unchecked") // B is the type of the builder itself
  B self() {
    return (B) this;
  }

  /**
   * Where the models are.
   *
   * @throws IllegalArgumentException where two places are set
   */
  ModelSource source() {
    PolyLmOptions options = PolyLmOptions.builder().threads(threads == null ? 0 : threads).build();
    return ModelSource.of(modelPath, modelsPath, polyLm, options);
  }

  /** The name that the builder was given. */
  @Nullable String modelName() {
    return modelName;
  }

  /**
   * Opens the model.
   *
   * @param name the model that is asked where a request names none, or null for the only one
   */
  Models open(@Nullable String name) {
    return Models.open(source(), name);
  }
}
