package dev.polylm.quarkus;

import org.eclipse.microprofile.config.spi.Converter;

/** Reads true or false. Quarkus's own converter takes any other text for false. */
public final class TrueOrFalse implements Converter<Boolean> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter; Quarkus does. */
  public TrueOrFalse() {}

  @Override
  public Boolean convert(String value) {
    return switch (value.strip()) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException("\"%s\", must be true or false".formatted(value));
    };
  }
}
