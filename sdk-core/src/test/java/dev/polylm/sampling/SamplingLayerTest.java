package dev.polylm.sampling;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SamplingLayerTest {

  @Test
  void samplingKnowsNothingButTheProjectsException() {
    JavaClasses imported =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.polylm");
    classes()
        .that()
        .resideInAPackage("dev.polylm.sampling")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "dev.polylm", "dev.polylm.sampling")
        .check(imported);
  }
}
