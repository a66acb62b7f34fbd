package dev.polylm.export;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.polylm.export.checkpoint.Activation;
import dev.polylm.export.checkpoint.ModelConfig;

@AnalyzeClasses(
    packages = "dev.polylm.export",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("export")
          .definedBy("dev.polylm.export")
          .layer("checkpoint")
          .definedBy("..export.checkpoint")
          .layer("tensor")
          .definedBy("..export.tensor")
          .layer("weights")
          .definedBy("..export.weights")
          .layer("graph")
          .definedBy("..export.graph")
          .layer("files")
          .definedBy("..export.files")
          .layer("onnx")
          .definedBy("..export.onnx")
          .layer("tokenizer")
          .definedBy("..export.tokenizer")
          .layer("parallel")
          .definedBy("..export.parallel")
          .layer("quantize")
          .definedBy("..export.quantize")
          .layer("reference")
          .definedBy("..export.reference")
          .layer("calibration")
          .definedBy("..export.calibration")
          .layer("adapter")
          .definedBy("..export.adapter")
          .layer("untrusted")
          .definedBy("..export.untrusted")
          .layer("judgement")
          .definedBy("..export.judgement")
          .layer("verify")
          .definedBy("..export.verify")
          // What an export reports of its verification is part of its API.
          .ignoreDependency(resideInAPackage("..export.verify"), type(Verification.class))
          .whereLayer("export")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("untrusted")
          .mayOnlyBeAccessedByLayers("checkpoint", "adapter", "tokenizer", "export")
          .whereLayer("tensor")
          .mayOnlyBeAccessedByLayers("checkpoint", "weights", "reference", "adapter", "export")
          .whereLayer("checkpoint")
          .mayOnlyBeAccessedByLayers(
              "weights", "graph", "reference", "adapter", "judgement", "verify", "export")
          .whereLayer("weights")
          .mayOnlyBeAccessedByLayers("graph", "export")
          .whereLayer("graph")
          .mayOnlyBeAccessedByLayers("onnx", "export")
          .whereLayer("files")
          .mayOnlyBeAccessedByLayers("onnx", "export")
          .whereLayer("onnx")
          .mayOnlyBeAccessedByLayers("verify", "export")
          .whereLayer("verify")
          .mayOnlyBeAccessedByLayers("export")
          .whereLayer("tokenizer")
          .mayOnlyBeAccessedByLayers("export")
          .whereLayer("parallel")
          .mayOnlyBeAccessedByLayers("quantize", "reference", "calibration", "graph", "export")
          .whereLayer("quantize")
          .mayOnlyBeAccessedByLayers("calibration", "graph", "export")
          .whereLayer("reference")
          .mayOnlyBeAccessedByLayers("calibration", "judgement", "verify", "export")
          .whereLayer("calibration")
          .mayOnlyBeAccessedByLayers("judgement", "export")
          .whereLayer("judgement")
          .mayOnlyBeAccessedByLayers("verify", "export")
          .whereLayer("adapter")
          .mayOnlyBeAccessedByLayers("export");

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
