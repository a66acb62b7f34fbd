package dev.polylm.springai;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The models work without Spring Boot, and see nothing of the engine. */
@AnalyzeClasses(packages = "dev.polylm.springai", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule sdkAndSpringAiAreEnough =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "ai.onnxruntime..",
              "dev.polylm.internal.engine..",
              "dev.polylm.internal.decoding..",
              "dev.polylm.langchain4j..",
              "org.springframework.boot..");
}
