package dev.polylm;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import ai.onnxruntime.OrtEnvironment;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.polylm.internal.device.Sessions;
import java.util.Set;

/** The arrows between the packages: the data's way, from the model's folder to the facade. */
@AnalyzeClasses(packages = "dev.polylm", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final Set<String> SHARED =
      Set.of(
          "Adapter",
          "PolyLmException",
          "InvalidSettingException",
          "QueueFullException",
          "PolyLmOptions",
          "Placement",
          "EngineState");

  private static boolean isShared(JavaClass type) {
    JavaClass outer = type.getEnclosingClass().orElse(type);
    return switch (type.getPackageName()) {
      case "dev.polylm" -> SHARED.contains(outer.getSimpleName());
      case "dev.polylm.internal.untrusted" -> true;
      default -> false;
    };
  }

  private static DescribedPredicate<JavaClass> shared() {
    return DescribedPredicate.describe("the types that all use", ArchitectureTest::isShared);
  }

  private static DescribedPredicate<JavaClass> facade() {
    return DescribedPredicate.describe(
        "the facade", type -> type.getPackageName().equals("dev.polylm") && !isShared(type));
  }

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.polylm..")
          .ensureAllClassesAreContainedInArchitecture()
          .layer("shared")
          .definedBy(shared())
          .layer("log")
          .definedBy("dev.polylm.internal.log")
          .layer("facade")
          .definedBy(facade())
          .layer("unpacked")
          .definedBy("dev.polylm.internal.unpacked")
          .layer("device")
          .definedBy("dev.polylm.internal.device")
          .layer("model")
          .definedBy("dev.polylm.model", "dev.polylm.internal.model")
          .layer("tokenizer")
          .definedBy("dev.polylm.tokenizer", "dev.polylm.internal.tokenizer")
          .layer("prompt")
          .definedBy("dev.polylm.prompt", "dev.polylm.internal.prompt")
          .layer("adapter")
          .definedBy("dev.polylm.internal.adapter")
          .layer("runtime")
          .definedBy("dev.polylm.internal.runtime")
          .layer("decoding")
          .definedBy("dev.polylm.internal.decoding")
          .layer("logits")
          .definedBy("dev.polylm.logits", "dev.polylm.internal.logits")
          .layer("constraint")
          .definedBy("dev.polylm.constraint", "dev.polylm.internal.constraint..")
          .layer("generation")
          .definedBy("dev.polylm.generation")
          .layer("text")
          .definedBy("dev.polylm.internal.text")
          .layer("search")
          .definedBy("dev.polylm.internal.search")
          .layer("delivery")
          .definedBy("dev.polylm.internal.delivery")
          .layer("scoring")
          .definedBy("dev.polylm.scoring", "dev.polylm.internal.scoring")
          .layer("embedding")
          .definedBy("dev.polylm.internal.embedding")
          .layer("engine")
          .definedBy("dev.polylm.internal.engine")
          .layer("saved")
          .definedBy("dev.polylm.internal.saved")
          .layer("chat")
          .definedBy("dev.polylm.chat", "dev.polylm.internal.chat")
          .layer("observe")
          .definedBy("dev.polylm.internal.observe")
          .layer("tool")
          .definedBy("dev.polylm.internal.tool")
          .whereLayer("unpacked")
          .mayOnlyAccessLayers("shared")
          .whereLayer("device")
          .mayOnlyAccessLayers("shared", "unpacked")
          .whereLayer("model")
          .mayOnlyAccessLayers("shared", "unpacked")
          .whereLayer("tokenizer")
          .mayOnlyAccessLayers("shared", "model")
          .whereLayer("prompt")
          .mayOnlyAccessLayers("shared", "model", "tokenizer")
          .whereLayer("adapter")
          .mayOnlyAccessLayers("shared", "model", "saved")
          .whereLayer("runtime")
          .mayOnlyAccessLayers("shared", "unpacked", "device", "model", "adapter")
          .whereLayer("logits")
          .mayOnlyAccessLayers("shared")
          .whereLayer("constraint")
          .mayOnlyAccessLayers("shared")
          .whereLayer("decoding")
          .mayOnlyAccessLayers("shared", "generation", "adapter")
          .whereLayer("generation")
          .mayOnlyAccessLayers(
              "shared", "model", "tokenizer", "prompt", "logits", "scoring", "log", "constraint")
          .whereLayer("text")
          .mayOnlyAccessLayers("shared", "tokenizer", "generation")
          .whereLayer("search")
          .mayOnlyAccessLayers(
              "shared",
              "model",
              "tokenizer",
              "decoding",
              "logits",
              "constraint",
              "scoring",
              "generation",
              "text")
          .whereLayer("delivery")
          .mayOnlyAccessLayers(
              "shared",
              "log",
              "model",
              "adapter",
              "tokenizer",
              "prompt",
              "decoding",
              "logits",
              "constraint",
              "scoring",
              "generation",
              "text",
              "search")
          .whereLayer("scoring")
          .mayOnlyAccessLayers("shared", "model", "tokenizer", "decoding", "logits")
          .whereLayer("embedding")
          .mayOnlyAccessLayers("shared", "model", "tokenizer", "decoding")
          .whereLayer("engine")
          .mayOnlyAccessLayers("shared", "model", "adapter", "runtime", "decoding", "generation")
          .whereLayer("observe")
          .mayOnlyAccessLayers("shared", "engine", "generation", "log")
          .whereLayer("tool")
          .mayOnlyAccessLayers("shared", "prompt", "constraint")
          .whereLayer("saved")
          .mayOnlyAccessLayers("shared", "model")
          .whereLayer("chat")
          .mayOnlyAccessLayers(
              "shared",
              "model",
              "tokenizer",
              "prompt",
              "generation",
              "constraint",
              "delivery",
              "saved");

  @ArchTest
  static final ArchRule onlyTheRuntimeSeesOnnxRuntime =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.polylm.internal.runtime",
              "dev.polylm.internal.device",
              "dev.polylm.internal.unpacked")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule onlyWhatIsUnpackedBeginsOnnxRuntime =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackage("dev.polylm.internal.unpacked")
          .should()
          .callMethod(OrtEnvironment.class, "getEnvironment");

  @ArchTest
  static final ArchRule onlyTheDeviceOpensSessions =
      ArchRuleDefinition.noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Sessions.class.getName())
          .should()
          .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.name("createSession")));

  @ArchTest
  static final ArchRule nothingSeesDjl =
      ArchRuleDefinition.noClasses().should().dependOnClassesThat().resideInAPackage("ai.djl..");
}
