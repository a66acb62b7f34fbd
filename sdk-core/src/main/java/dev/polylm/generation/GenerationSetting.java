package dev.polylm.generation;

/**
 * A setting that a {@link GenerationConfig} has, for programs that offer all of them.
 *
 * <pre>{@code
 * for (GenerationSetting setting : GenerationConfig.settings()) {
 *   System.out.println(setting.name() + ": " + setting.expected());
 * }
 * }</pre>
 *
 * @param name Hugging Face's name in snake_case, such as {@code num_beams}
 * @param expected what its value must be, such as "an integer of 32 bits"
 * @param isFlag true if the value can only be true or false
 */
public record GenerationSetting(String name, String expected, boolean isFlag) {}
