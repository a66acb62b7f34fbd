package dev.polylm.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/** {@code SentencePieceProcessor::Encode}: a text without special tokens to ids. Thread-safe. */
final class PieceEncoder implements AutoCloseable {
  private final Vocabulary vocabulary;
  private final TextNormalizer normalizer;
  private final SymbolMatcher userDefined;
  private final NativeSegmenter segmenter;

  PieceEncoder(TokenizerJson json) {
    vocabulary = json.vocabulary();
    normalizer = json.normalizer();
    userDefined = json.userDefined();
    segmenter = new NativeSegmenter(json.nativeJson());
  }

  /**
   * @param text well-formed UTF-16
   * @param dummyPrefix the text is treated as if a space were before it
   */
  int[] encode(String text, boolean dummyPrefix) {
    IntStream.Builder ids = IntStream.builder();
    for (String part : userDefined.split(normalizer.normalize(text, dummyPrefix))) {
      int symbolId = userDefined.idOf(part);
      if (symbolId < 0) {
        append(part, ids);
      } else {
        ids.add(symbolId);
      }
    }
    return ids.build().toArray();
  }

  private void append(String part, IntStream.Builder ids) {
    Encoding encoding = segmenter.segment(part);
    long[] found = encoding.getIds();
    CharSpan[] spans = encoding.getCharTokenSpans();
    int codePoints = 0;
    int chars = 0;
    for (int i = 0; i < found.length; i++) {
      int id = Math.toIntExact(found[i]);
      if (id != vocabulary.unkId() || !vocabulary.byteFallback()) {
        ids.add(id);
        continue;
      }
      CharSpan span = spans[i];
      int start = part.offsetByCodePoints(chars, span.getStart() - codePoints);
      chars = part.offsetByCodePoints(start, span.getEnd() - span.getStart());
      codePoints = span.getEnd();
      for (byte value : part.substring(start, chars).getBytes(StandardCharsets.UTF_8)) {
        ids.add(vocabulary.byteId(Byte.toUnsignedInt(value)));
      }
    }
  }

  void checkOpen() {
    segmenter.checkOpen();
  }

  @Override
  public void close() {
    segmenter.close();
  }
}
