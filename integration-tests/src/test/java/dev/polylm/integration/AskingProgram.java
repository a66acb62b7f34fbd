package dev.polylm.integration;

import dev.polylm.PolyLm;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A program that asks the embedded model, and then waits until its standard input ends. */
public final class AskingProgram {
  static final String QUESTION =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
  static final String ANSWER = "北京是中国的首都。";

  private AskingProgram() {}

  /** Prints the answer, to the same question in a thread of a pool too. */
  public static void main(String[] args) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    out.println(ask());
    out.println(CompletableFuture.supplyAsync(AskingProgram::ask).join());
    int end = System.in.read();
    System.exit(end < 0 ? 0 : 1);
  }

  static String ask() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      return polyLm.generate(QUESTION).strip();
    }
  }
}
