package dev.polylm.springtranslator;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication
public class TranslatorApplication {
  /** Starts the service; the arguments are Spring Boot's. */
  public static void main(String[] args) {
    SpringApplication.run(TranslatorApplication.class, args);
  }
}
