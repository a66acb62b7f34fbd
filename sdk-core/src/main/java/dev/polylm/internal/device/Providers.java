package dev.polylm.internal.device;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/** Adds execution providers to the options of a session. */
final class Providers {
  private Providers() {}

  /**
   * Adds the provider of a device.
   *
   * @throws PolyLmException if this ONNX Runtime doesn't have the provider
   */
  static void add(DeviceSettings settings, SessionOptions options) throws OrtException {
    Device device = settings.device();
    OrtProvider provider = provider(device);
    EnumSet<OrtProvider> available = OrtEnvironment.getAvailableProviders();
    if (!available.contains(provider)) {
      throw DeviceFailure.notBuilt(device, available);
    }
    OnnxRuntimeLibrary.unpackProvider(device.name());
    switch (provider) {
      case CUDA -> addCuda(settings, options);
      case TENSOR_RT -> addTensorRt(settings.options(), options);
      case CORE_ML -> options.addCoreML(settings.options());
      case QNN -> options.addQnn(settings.options());
      case WEBGPU -> options.addWebGPU(settings.options());
      case XNNPACK -> options.addXnnpack(settings.options());
      default -> addSimple(provider, settings, options);
    }
  }

  private static OrtProvider provider(Device device) {
    return switch (device.name()) {
      case "acl" -> OrtProvider.ACL;
      case "coreml" -> OrtProvider.CORE_ML;
      case "cuda" -> OrtProvider.CUDA;
      case "directml" -> OrtProvider.DIRECT_ML;
      case "dnnl" -> OrtProvider.DNNL;
      case "nnapi" -> OrtProvider.NNAPI;
      case "openvino" -> OrtProvider.OPEN_VINO;
      case "qnn" -> OrtProvider.QNN;
      case "rocm" -> OrtProvider.ROCM;
      case "tensorrt" -> OrtProvider.TENSOR_RT;
      case "webgpu" -> OrtProvider.WEBGPU;
      case "xnnpack" -> OrtProvider.XNNPACK;
      default -> throw new IllegalArgumentException(device.name());
    };
  }

  /** Options as an object name the cause if CUDA can't be had; an index alone does not. */
  private static void addCuda(DeviceSettings settings, SessionOptions options) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(settings.device().index())) {
      // The arena takes what it needs, not the next power of two: the cache needs the rest.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      if (settings.memoryLimit() > 0) {
        cuda.add("gpu_mem_limit", Long.toString(settings.memoryLimit()));
      }
      for (Map.Entry<String, String> option : settings.options().entrySet()) {
        cuda.add(option.getKey(), option.getValue());
      }
      options.addCUDA(cuda);
    }
  }

  private static void addTensorRt(Map<String, String> given, SessionOptions options)
      throws OrtException {
    try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions()) {
      for (Map.Entry<String, String> option : given.entrySet()) {
        tensorRt.add(option.getKey(), option.getValue());
      }
      options.addTensorrt(tensorRt);
    }
  }

  /** Adds a provider that ONNX Runtime's classes give at most one option. */
  private static void addSimple(
      OrtProvider provider, DeviceSettings settings, SessionOptions options) throws OrtException {
    OneOption given = new OneOption(settings);
    switch (provider) {
      case ROCM -> options.addROCM(given.number("device_id"));
      case DIRECT_ML -> options.addDirectML(given.number("device_id"));
      case OPEN_VINO -> options.addOpenVINO(given.text("device_type", "CPU"));
      case DNNL -> options.addDnnl(Boolean.parseBoolean(given.text("use_arena", "true")));
      case ACL -> options.addACL(Boolean.parseBoolean(given.text("enable_fast_math", "false")));
      default -> options.addNnapi();
    }
    given.checkAllRead();
  }

  private static final class OneOption {
    private final Device device;
    private final Map<String, String> left;

    OneOption(DeviceSettings settings) {
      this.device = settings.device();
      this.left = new HashMap<>(settings.options());
    }

    String text(String name, String otherwise) {
      String value = left.remove(name);
      return value == null ? otherwise : value;
    }

    int number(String name) {
      String value = text(name, "0");
      try {
        return Integer.parseInt(value);
      } catch (NumberFormatException e) {
        throw new InvalidSettingException(
            "providerOptions",
            "has %s for %s, which is \"%s\", must be an integer".formatted(name, device, value),
            e);
      }
    }

    void checkAllRead() {
      if (!left.isEmpty()) {
        throw new InvalidSettingException(
            "providerOptions",
            "has %s, which ONNX Runtime's Java classes don't have for %s"
                .formatted(String.join(", ", left.keySet()), device));
      }
    }
  }
}
