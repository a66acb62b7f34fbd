package dev.polylm.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.polylm.PolyLmException;
import dev.polylm.export.files.HashedFile;
import dev.polylm.export.graph.Graph;
import dev.polylm.model.FileFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes the two files of an ONNX model. */
public final class OnnxWriter {
  public static final String MODEL = "model.onnx";
  public static final String DATA = "model.onnx.data";

  /** The version of ONNX's format that goes with opset 21 (ONNX 1.16). */
  private static final int IR_VERSION = 10;

  private final String version;
  private final SortedMap<String, String> metadata;

  /** Called for each window that is written. */
  @FunctionalInterface
  public interface Progress {
    void bytesWritten(String tensor, long bytesDone, long bytesTotal);
  }

  /**
   * Makes a writer.
   *
   * @param version of the producer, this exporter
   * @param metadata other facts about the model
   */
  public OnnxWriter(String version, Map<String, String> metadata) {
    this.version = version;
    this.metadata = new TreeMap<>(metadata);
  }

  /** Returns how many bytes {@link #write} would write. */
  public long bytes(Graph graph) {
    DataLayout layout = DataLayout.of(graph.tensors());
    return layout.bytes() + model(graph, layout).getSerializedSize();
  }

  /**
   * Writes {@value #MODEL} and {@value #DATA}; both are on the disk when this returns.
   *
   * @param folder a folder that has neither file
   * @return length and hash of each file, by name
   * @throws PolyLmException if the checkpoint can't be read or the folder can't be written
   */
  public SortedMap<String, FileFacts> write(Graph graph, Path folder, Progress progress) {
    DataLayout layout = DataLayout.of(graph.tensors());
    SortedMap<String, FileFacts> files = new TreeMap<>();
    files.put(DATA, writeData(layout, folder.resolve(DATA), progress));
    files.put(MODEL, HashedFile.write(folder.resolve(MODEL), model(graph, layout).toByteArray()));
    return files;
  }

  private static FileFacts writeData(DataLayout layout, Path path, Progress progress) {
    List<DataLayout.Slot> slots = layout.slots();
    try (HashedFile file = new HashedFile(path);
        ReadAhead ahead = new ReadAhead(slots.stream().map(DataLayout.Slot::tensor).toList())) {
      for (int i = 0; i < slots.size(); i++) {
        ahead.beyond(i);
        DataLayout.Slot slot = slots.get(i);
        file.padTo(slot.offset());
        String name = slot.tensor().name();
        slot.tensor()
            .write(
                window -> {
                  file.write(window);
                  progress.bytesWritten(name, file.bytes(), layout.bytes());
                });
        if (file.bytes() != slot.end()) {
          throw new IllegalStateException(
              "%s ends at %s, expected %s".formatted(slot.tensor(), file.bytes(), slot.end()));
        }
      }
      return file.finish();
    }
  }

  private ModelProto model(Graph graph, DataLayout layout) {
    GraphProto.Builder whole = graph.structure().toBuilder();
    layout.slots().forEach(slot -> whole.addInitializer(reference(slot)));
    layout.shared().forEach(slot -> whole.addInitializer(reference(slot)));
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(IR_VERSION).setGraph(whole);
    model.setProducerName("polylm-onnx-export").setProducerVersion(version);
    model.addAllOpsetImport(graph.operatorSets());
    metadata.forEach((key, value) -> model.addMetadataProps(entry(key, value)));
    return model.build();
  }

  private static TensorProto reference(DataLayout.Slot slot) {
    return TensorProto.newBuilder()
        .setName(slot.tensor().name())
        .setDataType(slot.tensor().type().getNumber())
        .addAllDims(slot.tensor().shape())
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", DATA))
        .addExternalData(entry("offset", Long.toString(slot.offset())))
        .addExternalData(entry("length", Long.toString(slot.tensor().bytes())))
        .build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
