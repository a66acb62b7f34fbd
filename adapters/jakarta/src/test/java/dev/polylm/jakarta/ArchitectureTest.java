package dev.polylm.jakarta;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages: the data's way, from a request to an answer. */
@AnalyzeClasses(packages = "dev.polylm.jakarta", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.polylm.jakarta..")
          .ensureAllClassesAreContainedInArchitecture()
          .layer("annotation")
          .definedBy("dev.polylm.jakarta")
          .layer("config")
          .definedBy("dev.polylm.jakarta.config")
          .layer("model")
          .definedBy("dev.polylm.jakarta.model")
          .layer("cdi")
          .definedBy("dev.polylm.jakarta.cdi")
          .layer("openai")
          .definedBy("dev.polylm.jakarta.openai")
          .layer("page")
          .definedBy("dev.polylm.jakarta.page")
          .layer("rest")
          .definedBy("dev.polylm.jakarta.rest")
          .layer("health")
          .definedBy("dev.polylm.jakarta.health")
          .whereLayer("annotation")
          .mayNotAccessAnyLayer()
          .whereLayer("config")
          .mayNotAccessAnyLayer()
          .whereLayer("model")
          .mayOnlyAccessLayers("config")
          .whereLayer("cdi")
          .mayOnlyAccessLayers("annotation", "config", "model")
          .whereLayer("openai")
          .mayOnlyAccessLayers("config", "model")
          .whereLayer("page")
          .mayOnlyAccessLayers("config")
          .whereLayer("rest")
          .mayOnlyAccessLayers("config", "model", "openai")
          .whereLayer("health")
          .mayOnlyAccessLayers("model", "rest");

  @ArchTest
  static final ArchRule onlyTheRestPackageAnswersOverHttp =
      noClasses()
          .that()
          .resideInAnyPackage("..jakarta.openai", "..jakarta.model", "..jakarta.config")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..");
}
