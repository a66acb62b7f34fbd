package dev.polylm.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The command and what it does at a hub, above the SDK and the exporter. */
@AnalyzeClasses(packages = "dev.polylm.cli", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.polylm.cli..")
          .ensureAllClassesAreContainedInArchitecture()
          .layer("command")
          .definedBy("dev.polylm.cli")
          .layer("hub")
          .definedBy("dev.polylm.cli.hub")
          .whereLayer("command")
          .mayOnlyAccessLayers("hub")
          .whereLayer("hub")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule onlyTheHubUsesTheNetwork =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.polylm.cli.hub")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net.http..");

  @ArchTest
  static final ArchRule onlyWhatSdkAndExporterOfferIsUsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "ai.onnx..", "dev.polylm.export.*..");
}
