package dev.polylm.jakarta.openai;

import dev.polylm.PolyLm;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import java.util.List;
import java.util.Optional;

/** Finds the model that a request names. */
public final class ModelNames {
  private ModelNames() {}

  /**
   * Returns the models that are open.
   *
   * @throws ApiException if none is
   */
  public static List<ServedModel> open(Models models) {
    List<ServedModel> open =
        models.served().stream().filter(model -> model.ifOpen().isPresent()).toList();
    if (open.isEmpty()) {
      throw notOpen(models.all().get(0));
    }
    return open;
  }

  /**
   * Returns the model that a client names, or the default model if it names none. The name of an
   * adapter alone means the default model with that adapter, as with vLLM.
   *
   * @throws ApiException if there is no such model, or it is not open
   */
  public static ServedModel find(Models models, Optional<String> id) {
    if (id.isEmpty()) {
      return models.all().get(0);
    }
    List<ServedModel> open = open(models);
    ServedModel first = models.all().get(0);
    return open.stream()
        .filter(model -> model.id().equals(id.get()))
        .findFirst()
        .or(() -> open.stream().filter(model -> model.isWith(first, id.get())).findFirst())
        .orElseThrow(() -> ApiException.modelNotFound(id.get()));
  }

  /**
   * Keeps a model open until the caller closes the use.
   *
   * @throws ApiException if its adapter was unloaded after the request was read
   */
  static ServedModel.Use use(ServedModel model) {
    return model.use().orElseThrow(() -> ApiException.modelNotFound(model.id()));
  }

  /** Returns the model itself. */
  static PolyLm open(ServedModel model) {
    return model.ifOpen().orElseThrow(() -> notOpen(model));
  }

  private static ApiException notOpen(ServedModel model) {
    return ApiException.unavailable(
        model.failure().isPresent()
            ? "The model can't be used; the server's log says why."
            : "The model is still opening; try again in a moment.");
  }
}
