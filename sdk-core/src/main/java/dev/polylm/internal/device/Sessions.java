package dev.polylm.internal.device;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.polylm.PolyLmException;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.nio.file.Path;

/**
 * Opens sessions. They have a thread for each of {@link ProcessorCores}, unless a setup says else.
 */
public final class Sessions {
  /** Makes a session know on which provider each node runs. */
  static final String RECORD_PLACES = "session.record_ep_graph_assignment_info";

  /**
   * Lets CUDA multiply several rows with weights in blocks without unpacking the whole matrix
   * first.
   */
  private static final String MULTIPLY_PACKED = "ep.cuda.fpa_intb_gemm";

  private Sessions() {}

  /** Sets options that have nothing to do with the device. */
  @FunctionalInterface
  public interface Setup {
    void apply(SessionOptions options) throws OrtException;
  }

  @FunctionalInterface
  private interface Graph {
    OrtSession open(OrtEnvironment environment, SessionOptions options) throws OrtException;
  }

  /**
   * Opens a graph.
   *
   * @param graph the path of model.onnx, which has its external data beside it
   * @throws PolyLmException if the device can't be used; the message says why
   * @throws OrtException if the graph can't be loaded
   */
  public static OpenSession open(Path graph, DeviceSettings device, Setup setup)
      throws OrtException {
    return open((from, options) -> from.createSession(graph.toString(), options), device, setup);
  }

  /**
   * Opens a graph.
   *
   * @param graph the contents of model.onnx
   * @throws PolyLmException if the device can't be used; the message says why
   * @throws OrtException if the graph can't be loaded
   */
  public static OpenSession open(byte[] graph, DeviceSettings device, Setup setup)
      throws OrtException {
    return open((from, options) -> from.createSession(graph, options), device, setup);
  }

  private static OpenSession open(Graph graph, DeviceSettings wanted, Setup setup)
      throws OrtException {
    if (!wanted.device().isAuto()) {
      return new OpenSession(session(graph, wanted, setup), wanted.device(), null);
    }
    DeviceSettings gpu = wanted.on(Device.FIRST_GPU);
    try {
      return new OpenSession(session(graph, gpu, setup), gpu.device(), null);
    } catch (OrtException | PolyLmException e) {
      OrtSession session = session(graph, DeviceSettings.CPU, setup);
      return new OpenSession(session, Device.CPU, String.valueOf(e.getMessage()));
    }
  }

  private static OrtSession session(Graph graph, DeviceSettings settings, Setup setup)
      throws OrtException {
    OrtEnvironment environment = OnnxRuntimeLibrary.environment();
    Device device = settings.device();
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(ProcessorCores.count()); // 0 leaves it to ONNX Runtime
      setup.apply(options);
      if (!device.isCpu()) {
        Providers.add(settings, options);
        options.addConfigEntry(RECORD_PLACES, "1");
      }
      if (device.isCuda()) {
        options.addConfigEntry(MULTIPLY_PACKED, "1");
      }
      return graph.open(environment, options);
    } catch (OrtException e) {
      String cause = DeviceFailure.sentence(device, String.valueOf(e.getMessage()));
      if (cause == null) {
        throw e;
      }
      throw new PolyLmException(cause, e);
    }
  }
}
