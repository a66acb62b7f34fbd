package dev.polylm.export;

import dev.polylm.model.Manifest;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What an export made.
 *
 * @param directory the folder, absolute
 * @param manifest its manifest
 * @param bytesRead the length of the checkpoint's files together
 * @param bytesWritten the length of the folder's files together
 * @param duration the time it took
 */
public record ExportReport(
    Path directory, Manifest manifest, long bytesRead, long bytesWritten, Duration duration) {}
