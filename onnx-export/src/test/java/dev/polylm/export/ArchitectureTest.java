package dev.polylm.export;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.polylm.export.checkpoint.Activation;
import dev.polylm.export.checkpoint.ModelConfig;

/** The arrows between the packages: the data's way, from the checkpoint's files to the folder. */
@AnalyzeClasses(packages = "dev.polylm.export", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  private static DescribedPredicate<JavaClass> report() {
    return DescribedPredicate.describe(
        "what a report says of the verification", type -> type.isEquivalentTo(Verification.class));
  }

  private static DescribedPredicate<JavaClass> export() {
    return DescribedPredicate.describe(
        "what joins the packages",
        type ->
            type.getPackageName().equals("dev.polylm.export")
                && !type.isEquivalentTo(Verification.class));
  }

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.polylm.export..")
          .ensureAllClassesAreContainedInArchitecture()
          .layer("export")
          .definedBy(export())
          .layer("report")
          .definedBy(report())
          .layer("untrusted")
          .definedBy("dev.polylm.export.untrusted")
          .layer("tensor")
          .definedBy("dev.polylm.export.tensor")
          .layer("parallel")
          .definedBy("dev.polylm.export.parallel")
          .layer("files")
          .definedBy("dev.polylm.export.files")
          .layer("checkpoint")
          .definedBy("dev.polylm.export.checkpoint")
          .layer("tokenizer")
          .definedBy("dev.polylm.export.tokenizer")
          .layer("adapter")
          .definedBy("dev.polylm.export.adapter")
          .layer("weights")
          .definedBy("dev.polylm.export.weights")
          .layer("quantize")
          .definedBy("dev.polylm.export.quantize")
          .layer("reference")
          .definedBy("dev.polylm.export.reference")
          .layer("calibration")
          .definedBy("dev.polylm.export.calibration")
          .layer("graph")
          .definedBy("dev.polylm.export.graph")
          .layer("onnx")
          .definedBy("dev.polylm.export.onnx")
          .layer("judgement")
          .definedBy("dev.polylm.export.judgement")
          .layer("verify")
          .definedBy("dev.polylm.export.verify")
          .whereLayer("report")
          .mayNotAccessAnyLayer()
          .whereLayer("untrusted")
          .mayNotAccessAnyLayer()
          .whereLayer("tensor")
          .mayNotAccessAnyLayer()
          .whereLayer("parallel")
          .mayNotAccessAnyLayer()
          .whereLayer("files")
          .mayNotAccessAnyLayer()
          .whereLayer("checkpoint")
          .mayOnlyAccessLayers("tensor", "untrusted")
          .whereLayer("tokenizer")
          .mayOnlyAccessLayers("untrusted")
          .whereLayer("adapter")
          .mayOnlyAccessLayers("checkpoint", "tensor", "untrusted")
          .whereLayer("weights")
          .mayOnlyAccessLayers("checkpoint", "tensor")
          .whereLayer("quantize")
          .mayOnlyAccessLayers("parallel")
          .whereLayer("reference")
          .mayOnlyAccessLayers("checkpoint", "tensor", "parallel")
          .whereLayer("calibration")
          .mayOnlyAccessLayers("parallel", "quantize", "reference")
          .whereLayer("graph")
          .mayOnlyAccessLayers("checkpoint", "weights", "quantize", "parallel")
          .whereLayer("onnx")
          .mayOnlyAccessLayers("files", "graph")
          .whereLayer("judgement")
          .mayOnlyAccessLayers("checkpoint", "reference", "calibration")
          .whereLayer("verify")
          .mayOnlyAccessLayers("report", "checkpoint", "onnx", "reference", "judgement")
          .whereLayer("export")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule weightsAndGraphKnowOnlyTheConfigurationOfACheckpoint =
      classes()
          .that()
          .resideInAPackage("..export.checkpoint")
          .and()
          .doNotBelongToAnyOf(ModelConfig.class, Activation.class)
          .should()
          .onlyBeAccessed()
          .byAnyPackage("..export.checkpoint", "..export.adapter", "dev.polylm.export");

  @ArchTest
  static final ArchRule onnxsFormatIsKnownToGraphAndOnnx =
      noClasses()
          .that()
          .resideOutsideOfPackages("..export.graph", "..export.onnx")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnx.proto..");

  @ArchTest
  static final ArchRule theRuntimeOnlyVerifies =
      noClasses()
          .that()
          .resideOutsideOfPackage("..export.verify")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule whatVerifiesKnowsNothingOfWhatConverts =
      noClasses()
          .that()
          .resideInAPackage("..export.reference")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..export.weights", "..export.graph");
}
