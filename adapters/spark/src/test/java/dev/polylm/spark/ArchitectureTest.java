package dev.polylm.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the classes of this module may use. */
@AnalyzeClasses(packages = "dev.polylm.spark", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule nothingInternalIsSeen =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "dev.polylm.internal..");

  /** Spark's query planner changes with each version. */
  @ArchTest
  static final ArchRule transformersNeedNoQueryPlanner =
      noClasses()
          .that()
          .haveNameNotMatching(".*Sql.*|.*PolyLmExtensions.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.spark.sql.catalyst..");
}
