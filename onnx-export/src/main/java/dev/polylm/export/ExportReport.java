package dev.polylm.export;

import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an export made.
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
 * @param bytesRead the length of the checkpoint's files together
 * @param bytesWritten the length of the folder's files together
 * @param duration the time it took
 * @param tensors what became of each tensor, the largest errors first
 * @param calibrationTokens tokens that the model read to calibrate its weights; 0 if it was not
 *     calibrated
 * @param cacheTokens tokens that the model read to find the scales of its key/value cache; 0 if the
 *     cache is of floats
 * @param verification how far the graph's logits are from the checkpoint's, null if it was not
 *     verified
 * @param notes what was decided and found on the way, a sentence each
 * @param warnings what the checkpoint's owner should know, a sentence each
 * @param leftovers folders beside it that earlier exports into the same place left when they were
 *     ended from outside, or that exports still running fill: {@code .NAME.partial-*} are half
 *     filled, {@code .NAME.old-*} are models that were about to be replaced
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
