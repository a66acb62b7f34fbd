package dev.polylm.model;

/**
 * The size and the checksum of a file.
 *
 * <pre>{@code
 * polyLm.manifest().files().forEach((name, facts) -> System.out.println(name + " " + facts.bytes()));
 * }</pre>
 *
 * @param bytes its length in bytes
 * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
 */
public record FileFacts(long bytes, String sha256) {}
