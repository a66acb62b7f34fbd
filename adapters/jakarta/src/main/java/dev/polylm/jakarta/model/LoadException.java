package dev.polylm.jakarta.model;

/** Says why an adapter that a client names is not loaded. */
public final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private LoadException(String message) {
    super(message, null, false, false);
  }

  static LoadException alreadyLoaded() {
    return new LoadException("an adapter with this name has already been loaded");
  }

  static LoadException tooMany(int most) {
    return new LoadException(
        "%s adapters are loaded, which is the limit: unload one".formatted(most));
  }

  static LoadException ofFile(String failure) {
    return new LoadException(failure);
  }
}
