package dev.polylm.evaluation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Metrics know no tasks, tasks no model, and only the evaluation knows all. */
@AnalyzeClasses(packages = "dev.polylm.evaluation", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.polylm.evaluation..")
          .ensureAllClassesAreContainedInArchitecture()
          .layer("evaluation")
          .definedBy("dev.polylm.evaluation")
          .layer("report")
          .definedBy("dev.polylm.evaluation.report")
          .layer("run")
          .definedBy("dev.polylm.evaluation.run")
          .layer("harness")
          .definedBy("dev.polylm.evaluation.harness")
          .layer("task")
          .definedBy("dev.polylm.evaluation.task")
          .layer("metric")
          .definedBy("dev.polylm.evaluation.metric")
          .layer("text")
          .definedBy("dev.polylm.evaluation.text")
          .whereLayer("report")
          .mayOnlyAccessLayers("metric")
          .whereLayer("run")
          .mayOnlyAccessLayers("task", "text")
          .whereLayer("harness")
          .mayOnlyAccessLayers("task", "text")
          .whereLayer("task")
          .mayOnlyAccessLayers("metric", "text")
          .whereLayer("metric")
          .mayOnlyAccessLayers("text")
          .whereLayer("text")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule nothingOfTheEngineIsSeen =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ai.onnxruntime..", "dev.polylm.internal.engine..", "dev.polylm.internal.decoding..");
}
