package dev.polylm.langchain4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The models, and LangChain4j's convention for factories of their builders: each needs the other.
 */
@AnalyzeClasses(packages = "dev.polylm.langchain4j", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.polylm.langchain4j..")
          .ensureAllClassesAreContainedInArchitecture()
          .layer("models")
          .definedBy("dev.polylm.langchain4j")
          .layer("factories")
          .definedBy("dev.polylm.langchain4j.spi")
          .whereLayer("models")
          .mayOnlyAccessLayers("factories")
          .whereLayer("factories")
          .mayOnlyAccessLayers("models");

  @ArchTest
  static final ArchRule nothingOfTheEngineIsSeen =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ai.onnxruntime..", "dev.polylm.internal.engine..", "dev.polylm.internal.decoding..");
}
