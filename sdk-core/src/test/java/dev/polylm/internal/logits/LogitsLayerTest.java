package dev.polylm.internal.logits;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class LogitsLayerTest {

  @Test
  void logitsKnowNothingButTheProjectsException() {
    JavaClasses imported =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.polylm");
    classes()
        .that()
        .resideInAnyPackage("dev.polylm.logits", "dev.polylm.internal.logits")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "dev.polylm",
            "dev.polylm.logits",
            "dev.polylm.internal.logits")
        .check(imported);
  }
}
