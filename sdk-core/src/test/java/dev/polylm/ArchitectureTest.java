package dev.polylm;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

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
          .layer("model")
          .definedBy("dev.polylm.model")
          .layer("tokenizer")
          .definedBy("dev.polylm.tokenizer")
          .layer("prompt")
          .definedBy("dev.polylm.prompt")
          .layer("runtime")
          .definedBy("dev.polylm.runtime")
          .layer("sampling")
          .definedBy("dev.polylm.sampling")
          .layer("generation")
          .definedBy("dev.polylm.generation")
          .layer("scoring")
          .definedBy("dev.polylm.scoring")
          .whereLayer("model")
          .mayOnlyAccessLayers("exception")
          .whereLayer("tokenizer")
          .mayOnlyAccessLayers("exception", "model")
          .whereLayer("prompt")
          .mayOnlyAccessLayers("exception", "model", "tokenizer")
          .whereLayer("runtime")
          .mayOnlyAccessLayers("exception", "model")
          .whereLayer("sampling")
          .mayOnlyAccessLayers("exception")
          .whereLayer("generation")
          .mayOnlyAccessLayers("exception", "model", "tokenizer", "prompt", "runtime", "sampling")
          .whereLayer("scoring")
          .mayOnlyAccessLayers("exception", "model", "tokenizer", "runtime", "sampling");

  @ArchTest
  static final ArchRule onlyTheRuntimeSeesOnnxRuntime =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackage("dev.polylm.runtime")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule onlyTheTokenizerSeesDjl =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackage("dev.polylm.tokenizer")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");
}
