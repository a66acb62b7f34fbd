package dev.polylm.tokenizer;

/**
 * A part of a text, told apart by who wrote it.
 *
 * <pre>{@code
 * TextPart form = new TextPart("</s>", true); // the special token
 * TextPart said = new TextPart("</s>", false); // four characters
 * }</pre>
 *
 * @param trusted the caller vouches for it: special tokens in it are parsed. A special token that
 *     goes over the end of a part is plain text.
 */
public record TextPart(String text, boolean trusted) {}
