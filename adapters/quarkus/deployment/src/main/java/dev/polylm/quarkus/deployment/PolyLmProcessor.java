package dev.polylm.quarkus.deployment;

import dev.polylm.quarkus.ConfiguredModels;
import dev.polylm.quarkus.DefaultBeans;
import dev.polylm.quarkus.LangChain4jModels;
import dev.polylm.quarkus.Model;
import dev.polylm.quarkus.ModelsReadiness;
import dev.polylm.quarkus.NamedBeans;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.Capabilities;
import io.quarkus.deployment.Capability;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.pkg.NativeConfig;
import io.quarkus.runtime.configuration.ConfigurationException;

/** Adds PolyLM's beans to an application. */
final class PolyLmProcessor {
  private static final String FEATURE = "polylm";

  /** Names the extension, and stops the build of a native image. */
  @BuildStep
  FeatureBuildItem feature(NativeConfig nativeConfig) {
    if (nativeConfig.enabled()) {
      throw new ConfigurationException(
          "polylm-quarkus can't be part of a native image: ONNX Runtime's libraries call Java's classes by JNI, and nothing tells GraalVM which; build for the JVM, without quarkus.native.enabled=true");
    }
    return new FeatureBuildItem(FEATURE);
  }

  @BuildStep
  void beans(Capabilities capabilities, BuildProducer<AdditionalBeanBuildItem> beans) {
    beans.produce(
        AdditionalBeanBuildItem.builder()
            .addBeanClasses(
                ConfiguredModels.class,
                LangChain4jModels.class,
                DefaultBeans.class,
                NamedBeans.class,
                Model.class)
            .build());
    if (capabilities.isPresent(Capability.SMALLRYE_HEALTH)) {
      beans.produce(AdditionalBeanBuildItem.unremovableOf(ModelsReadiness.class));
    }
  }
}
