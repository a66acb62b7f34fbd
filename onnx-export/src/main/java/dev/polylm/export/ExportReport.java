package dev.polylm.export;

import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an export wrote and found.
 *
 * <pre>{@code
 * ExportOptions options = ExportOptions.builder(Path.of("polylm-1.7b"), Path.of("out")).build();
 * ExportReport report = Exporter.export(options, ExportListener.NONE);
 * report.warnings().forEach(System.err::println);
 * System.out.println(report.bytesWritten() + " bytes in " + report.duration());
 * }</pre>
 *
 * @param directory the folder, absolute
 * @param manifest its manifest
 * @param bytesRead the total length of the checkpoint's files
 * @param bytesWritten the total length of the folder's files
 * @param duration how long the export took
 * @param tensors how each tensor is stored, the largest errors first
 * @param calibrationTokens how many tokens the model read to calibrate its weights; 0 if it was not
 *     calibrated
 * @param cacheTokens how many tokens the model read to find the scales of its key/value cache; 0 if
 *     the cache holds floats
 * @param verification how far the graph's logits are from the checkpoint's, null if it was not
 *     verified
 * @param notes what the export decided and found, a sentence each
 * @param warnings what the checkpoint's owner should know, a sentence each
 * @param leftovers folders beside it from other exports into the same place. Those exports were
 *     killed, or they are still running. {@code .NAME.partial-*} are half filled, {@code
 *     .NAME.old-*} are models that were about to be replaced
 */
public record ExportReport(
    Path directory,
    Manifest manifest,
    long bytesRead,
    long bytesWritten,
    Duration duration,
    List<TensorReport> tensors,
    int calibrationTokens,
    int cacheTokens,
    @Nullable Verification verification,
    List<String> notes,
    List<String> warnings,
    List<Path> leftovers) {}
