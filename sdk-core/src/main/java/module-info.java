/**
 * Runs PolyLM models inside the JVM. Begin with {@link dev.polylm.PolyLm}.
 *
 * <p>The packages {@code dev.polylm.internal} are for the modules of this project only.
 */
// ONNX Runtime and Micrometer give their modules stable names but no descriptors; modules that use
// this one are built after it.
@SuppressWarnings({"requires-automatic", "module"})
module dev.polylm {
  requires transitive static org.jspecify;
  requires static micrometer.core; // not transitive: users would then need it to compile
  requires transitive com.fasterxml.jackson.databind; // constraints take a JsonNode
  requires com.microsoft.onnxruntime;
  requires com.sun.jna;
  requires jdk.jfr;
  requires jdk.management;
  requires jdk.unsupported; // for NativeMemory, until Java 22
  requires org.slf4j;

  uses org.slf4j.spi.SLF4JServiceProvider;

  exports dev.polylm;
  exports dev.polylm.chat;
  exports dev.polylm.constraint;
  exports dev.polylm.generation;
  exports dev.polylm.logits;
  exports dev.polylm.model;
  exports dev.polylm.prompt;
  exports dev.polylm.scoring;
  exports dev.polylm.tokenizer;
  exports dev.polylm.internal.adapter to
      dev.polylm.export;
  exports dev.polylm.internal.chat to
      dev.polylm.jakarta,
      dev.polylm.langchain4j,
      dev.polylm.springai;
  exports dev.polylm.internal.device to
      dev.polylm.cli,
      dev.polylm.export;
  exports dev.polylm.internal.model to
      dev.polylm.cli,
      dev.polylm.export,
      dev.polylm.langchain4j;
  exports dev.polylm.internal.prompt to
      dev.polylm.jakarta,
      dev.polylm.langchain4j;
  exports dev.polylm.internal.tool to
      dev.polylm.jakarta,
      dev.polylm.langchain4j,
      dev.polylm.springai;
  exports dev.polylm.internal.unpacked to
      dev.polylm.cli,
      dev.polylm.export;
  exports dev.polylm.internal.untrusted to
      dev.polylm.cli,
      dev.polylm.evaluation,
      dev.polylm.export,
      dev.polylm.jakarta,
      dev.polylm.springai;

  opens dev.polylm.internal.adapter to
      com.fasterxml.jackson.databind;
  opens dev.polylm.internal.chat to
      com.fasterxml.jackson.databind;
  opens dev.polylm.model to
      com.fasterxml.jackson.databind;
}
