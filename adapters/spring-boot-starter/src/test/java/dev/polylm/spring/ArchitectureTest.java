package dev.polylm.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What is optional on the class path is named only by the classes that need it. */
@AnalyzeClasses(packages = "dev.polylm.spring", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule langChain4jIsOptional =
      noClasses()
          .that()
          .haveNameNotMatching(".*LangChain4j.*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.langchain4j..", "dev.polylm.langchain4j..");

  @ArchTest
  static final ArchRule healthIsOptional =
      noClasses()
          .that()
          .haveNameNotMatching(".*Health.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.springframework.boot.health..");

  @ArchTest
  static final ArchRule micrometerIsOptional =
      noClasses()
          .that()
          .haveNameNotMatching(".*Meters.*")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule nothingInternalIsSeen =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "dev.polylm.internal..");
}
