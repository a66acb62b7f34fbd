package dev.polylm.jakarta.model;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The adapters that clients have loaded. Thread-safe. */
final class LoadedAdapters {
  /** Small files would else fill the memory with what belongs to each. */
  private static final int MOST = 256;

  private final Map<String, ServedModel> byName = new LinkedHashMap<>(); // guarded by this, as all
  private final Set<String> loading = new HashSet<>();
  private boolean closed;

  synchronized List<ServedModel> all() {
    return List.copyOf(byName.values());
  }

  /**
   * Loads the adapter of a model.
   *
   * @param replace whether it may take the place of one with its name, which then is unloaded
   * @throws LoadException if it can't be loaded
   */
  void load(ServedModel model, boolean replace) {
    begin(model.name(), replace);
    boolean open = false;
    try {
      model.open();
      open = model.ifOpen().isPresent();
    } finally {
      end(model, open);
    }
    if (!open) {
      throw LoadException.ofFile(model.failure().orElse(""));
    }
  }

  private synchronized void begin(String name, boolean replace) {
    boolean there = byName.containsKey(name);
    if (loading.contains(name) || (there && !replace)) {
      throw LoadException.alreadyLoaded();
    }
    if (!there && byName.size() + loading.size() >= MOST) {
      throw LoadException.tooMany(MOST);
    }
    loading.add(name);
  }

  private void end(ServedModel model, boolean open) {
    ServedModel replaced = null;
    synchronized (this) {
      loading.remove(model.name());
      if (open) {
        replaced = closed ? model : byName.put(model.name(), model);
      }
    }
    unload(replaced);
  }

  /** Unloads an adapter, and returns whether there was one. */
  boolean unload(ServedModel base, String name) {
    ServedModel found;
    synchronized (this) {
      found = byName.remove(base.name() + ":" + name);
    }
    unload(found);
    return found != null;
  }

  private static void unload(@Nullable ServedModel model) {
    if (model != null) {
      model.unload();
    }
  }

  /** Ends the calls in flight of all, and keeps others from being loaded. */
  void close() {
    List<ServedModel> models;
    synchronized (this) {
      closed = true;
      models = all();
    }
    models.forEach(ServedModel::close);
  }
}
