package dev.polylm.quickstart;

import dev.polylm.PolyLm;

/** Asks the embedded model for the model card's example. */
public final class Quickstart {
  private Quickstart() {}

  /** Prints 北京是中国的首都。 after the prompt. */
  public static void main(String[] args) {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      String prompt =
          """
          Beijing is the capital of China.
          Translate this sentence from English to Chinese.""";
      System.out.println(prompt + polyLm.generate(prompt));
    }
  }
}
