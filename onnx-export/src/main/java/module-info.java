/**
 * Turns a Hugging Face checkpoint into a folder that {@code dev.polylm} opens. Begin with {@link
 * dev.polylm.export.Exporter}.
 */
// ONNX Runtime, Tribuo and Protobuf give their modules stable names but no descriptors. Pickle
// states no name, so it gets the name of its file.
@SuppressWarnings("requires-automatic")
module dev.polylm.export {
  requires transitive dev.polylm;
  requires transitive static org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires com.microsoft.onnxruntime;
  requires org.apache.commons.compress;
  requires org.tribuo.util.onnx;
  requires pickle;

  exports dev.polylm.export;
}
