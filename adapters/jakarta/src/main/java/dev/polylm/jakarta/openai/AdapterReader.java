package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.model.LoadException;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Loads and unloads adapters for clients, in vLLM's forms. */
@ApplicationScoped
public class AdapterReader {
  private static final String NAME_FIELD = "lora_name";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,127}");

  @Inject private PolyLmSettings settings;
  @Inject private Models models;

  /**
   * An adapter by its name for clients.
   *
   * @param name as the client sent it
   */
  private record Named(String name, ServedModel base, String adapter) {}

  /**
   * Loads a file of the folder of adapters.
   *
   * @return a sentence for the client
   * @throws ApiException if the request is wrong, or the file can't be loaded
   */
  public String load(ObjectNode body) {
    AdapterFolder folder = folder();
    Fields request = new Fields(body);
    Named named = named(request);
    String path = required(request, AdapterFolder.FIELD);
    boolean replace = request.flag("load_inplace");
    Path file = folder.file(path);
    try {
      models.load(named.base(), named.adapter(), file, replace);
    } catch (LoadException e) {
      // Clients know the file by the path that they sent.
      String problem = String.valueOf(e.getMessage()).replace(file.toString(), path);
      throw ApiException.badRequest(
          null, "The adapter %s can't be loaded: %s.".formatted(named.name(), problem));
    }
    return "Success: LoRA adapter '%s' added successfully.".formatted(named.name());
  }

  /**
   * Unloads an adapter that a client loaded. Requests that use it go on.
   *
   * @return a sentence for the client
   * @throws ApiException if the request is wrong, or there is no such adapter
   */
  public String unload(ObjectNode body) {
    folder();
    Named named = named(new Fields(body));
    if (models.isConfigured(named.base(), named.adapter())) {
      throw ApiException.badRequest(
          NAME_FIELD,
          "The adapter %s is one of the server's configuration, which stays loaded."
              .formatted(named.name()));
    }
    if (!models.unload(named.base(), named.adapter())) {
      throw ApiException.refused(
          404,
          "The adapter %s is not loaded; /v1/models lists those that are.".formatted(named.name()));
    }
    return "Success: LoRA adapter '%s' removed successfully.".formatted(named.name());
  }

  private AdapterFolder folder() {
    return settings
        .server()
        .adapterFolder()
        .map(AdapterFolder::new)
        .orElseThrow(
            () ->
                ApiException.unknownUrl(
                    "Clients can't load adapters here (polylm.server.adapter-folder is not set)."));
  }

  /** Reads a name: MODEL:NAME, or that of an adapter of the default model. */
  private Named named(Fields request) {
    String name = required(request, NAME_FIELD);
    ServedModel base = models.all().get(0);
    String adapter = name;
    for (ServedModel model : ModelNames.open(models)) {
      if (model.base().isEmpty() && name.startsWith(model.id() + ":")) {
        base = model;
        adapter = name.substring(model.id().length() + 1);
      }
    }
    if (!NAME.matcher(adapter).matches()) {
      throw Fields.wrong(
          NAME_FIELD,
          TextNode.valueOf(name),
          "up to 128 letters, digits, '.', '_', '-' and '/', the first a letter or a digit; MODEL:"
              + " with a model of /v1/models may stand before it");
    }
    ModelNames.open(base);
    return new Named(name, base, adapter);
  }

  private static String required(Fields request, String name) {
    return request
        .text(name)
        .orElseThrow(
            () ->
                ApiException.badRequest(name, "%s is missing, must be a string.".formatted(name)));
  }
}
