/**
 * Runs PolyLM models inside the JVM. {@link dev.polylm.PolyLm} is where to begin.
 *
 * <p>The packages {@code dev.polylm.internal} are for the modules of this project only.
 */
// ONNX Runtime and Micrometer give their modules stable names but no descriptors; modules that use
// this one are built after it.
@SuppressWarnings({"requires-automatic", "module"})
module dev.polylm {
  requires transitive static org.jspecify;
  requires static micrometer.core; // transitive would make all who compile against this need it
  requires com.fasterxml.jackson.databind;
  requires com.microsoft.onnxruntime;
  requires com.sun.jna;
  requires jdk.jfr;
  requires jdk.management;
  requires jdk.unsupported; // see NativeMemory, until Java 22
  requires org.slf4j;

  uses org.slf4j.spi.SLF4JServiceProvider;

  exports dev.polylm;
  exports dev.polylm.chat;
  exports dev.polylm.generation;
  exports dev.polylm.logits;
  exports dev.polylm.model;
  exports dev.polylm.prompt;
  exports dev.polylm.scoring;
  exports dev.polylm.tokenizer;
  exports dev.polylm.internal.chat to
      dev.polylm.langchain4j;
  exports dev.polylm.internal.model to
      dev.polylm.cli,
      dev.polylm.export,
      dev.polylm.langchain4j;
  exports dev.polylm.internal.prompt to
      dev.polylm.langchain4j;
  exports dev.polylm.internal.text to
      dev.polylm.cli,
      dev.polylm.export,
      dev.polylm.jakarta;
  exports dev.polylm.internal.unpacked to
      dev.polylm.export;

  opens dev.polylm.internal.chat to
      com.fasterxml.jackson.databind;
  opens dev.polylm.model to
      com.fasterxml.jackson.databind;
}
