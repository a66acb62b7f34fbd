package dev.polylm.langchain4j;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a handler's methods as LangChain4j requires: an exception from them ends nothing. */
final class Callbacks {
  private static final Logger LOGGER = LoggerFactory.getLogger(Callbacks.class);

  private Callbacks() {}

  /** Makes a call. If it throws, the handler's own method for errors gets the exception. */
  static void call(Runnable callback, Consumer<? super Throwable> onError) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      error(e, onError);
    }
  }

  /** Gives an error to a handler. If the handler throws, the exception is logged. */
  static void error(Throwable error, Consumer<? super Throwable> onError) {
    try {
      onError.accept(error);
    } catch (RuntimeException e) {
      LOGGER.warn("onError of the streaming handler has thrown an exception, which is ignored", e);
    }
  }
}
