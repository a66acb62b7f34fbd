package dev.polylm.export;

/**
 * How an export stored a tensor.
 *
 * <pre>{@code
 * ExportOptions options = ExportOptions.builder(Path.of("polylm-1.7b"), Path.of("out")).build();
 * for (TensorReport tensor : Exporter.export(options, ExportListener.NONE).tensors()) {
 *   System.out.println(tensor.name() + " " + tensor.type() + " " + tensor.relativeError());
 * }
 * }</pre>
 *
 * @param name its name, such as {@code h.3.attn.c_attn.weight}
 * @param type {@code fp32}, {@code fp16}, or such as {@code int4 block 128}
 * @param bytes the length of all that is stored for it, scales and zero points included
 * @param relativeError the square root of the sum of squared errors divided by the sum of squared
 *     weights: 0 if nothing was lost, NaN if weights are not finite
 */
public record TensorReport(String name, String type, long bytes, double relativeError) {}
