package dev.polylm.model;

/**
 * What the manifest says of a file.
 *
 * @param bytes its length
 * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
 */
public record FileFacts(long bytes, String sha256) {}
