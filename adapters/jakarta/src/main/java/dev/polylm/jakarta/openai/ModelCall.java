package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls of a model that an interrupt of their thread ends, such as those for embeddings. */
public final class ModelCall implements Work {
  private final String field;
  private final Supplier<ObjectNode> calls;
  private @Nullable Thread thread; // guarded by this; null unless the calls run
  private boolean cancelled; // guarded by this

  /**
   * @param field the field of the request that is to blame if the model refuses
   */
  ModelCall(String field, Supplier<ObjectNode> calls) {
    this.field = field;
    this.calls = calls;
  }

  @Override
  public ObjectNode whole() {
    begin();
    try {
      return calls.get();
    } catch (QueueFullException e) {
      throw ApiException.tooManyRequests(SettingsFields.sentence(e));
    } catch (CancellationException e) {
      throw TaskRun.closed();
    } catch (PolyLmException e) {
      throw ApiException.badRequest(field, SettingsFields.sentence(e));
    } finally {
      end();
    }
  }

  private synchronized void begin() {
    if (cancelled) {
      throw TaskRun.closed();
    }
    thread = Thread.currentThread();
  }

  /** Leaves no interrupt behind, which would end the thread's next work. */
  private synchronized void end() {
    thread = null;
    if (cancelled) {
      Thread.interrupted();
    }
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
