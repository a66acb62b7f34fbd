package dev.polylm;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import ai.onnxruntime.OrtEnvironment;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** The arrows between the packages: the data's way, from the model's folder to the facade. */
@AnalyzeClasses(packages = "dev.polylm", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.polylm..")
          .layer("exception")
          .definedBy(
              DescribedPredicate.describe(
                  "PolyLmException", type -> type.isEquivalentTo(PolyLmException.class)))
          .layer("facade")
          .definedBy(
              DescribedPredicate.describe(
                  "the facade",
                  type ->
                      type.getPackageName().equals("dev.polylm")
                          && !type.isEquivalentTo(PolyLmException.class)))
          .layer("unpacked")
          .definedBy("dev.polylm.internal.unpacked")
          .layer("model")
          .definedBy("dev.polylm.model")
          .layer("tokenizer")
          .definedBy("dev.polylm.tokenizer")
          .layer("prompt")
          .definedBy("dev.polylm.prompt")
          .layer("runtime")
          .definedBy("dev.polylm.runtime")
          .layer("decoding")
          .definedBy("dev.polylm.decoding")
          .layer("sampling")
          .definedBy("dev.polylm.sampling")
          .layer("generation")
          .definedBy("dev.polylm.generation")
          .layer("scoring")
          .definedBy("dev.polylm.scoring")
          .layer("embedding")
          .definedBy("dev.polylm.embedding")
          .layer("engine")
          .definedBy("dev.polylm.engine")
          .layer("chat")
          .definedBy("dev.polylm.chat")
          .layer("observe")
          .definedBy("dev.polylm.observe")
          .whereLayer("unpacked")
          .mayOnlyAccessLayers("exception")
          .whereLayer("model")
          .mayOnlyAccessLayers("exception", "unpacked")
          .whereLayer("tokenizer")
          .mayOnlyAccessLayers("exception", "model")
          .whereLayer("prompt")
          .mayOnlyAccessLayers("exception", "model", "tokenizer")
          .whereLayer("runtime")
          .mayOnlyAccessLayers("exception", "unpacked", "model")
          .whereLayer("sampling")
          .mayOnlyAccessLayers("exception")
          .whereLayer("decoding")
          .mayOnlyAccessLayers("exception")
          .whereLayer("generation")
          .mayOnlyAccessLayers("exception", "model", "tokenizer", "prompt", "decoding", "sampling")
          .whereLayer("scoring")
          .mayOnlyAccessLayers("exception", "model", "tokenizer", "decoding", "sampling")
          .whereLayer("embedding")
          .mayOnlyAccessLayers("exception", "model", "tokenizer", "decoding")
          .whereLayer("engine")
          .mayOnlyAccessLayers("exception", "model", "runtime", "decoding")
          .whereLayer("observe")
          .mayOnlyAccessLayers("engine")
          .whereLayer("chat")
          .mayOnlyAccessLayers("exception", "model", "tokenizer", "prompt", "generation");

  @ArchTest
  static final ArchRule onlyTheRuntimeSeesOnnxRuntime =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackages("dev.polylm.runtime", "dev.polylm.internal.unpacked")
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
  static final ArchRule onlyTheTokenizerSeesDjl =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackage("dev.polylm.tokenizer")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");
}
