package dev.polylm.internal.tokenizer;

/**
 * {@code LlamaTokenizer.tokenize} of transformers v4.57.6 ({@code
 * models/llama/tokenization_llama.py}) without its class hierarchy: where a text is cut at special
 * tokens and where the dummy prefix goes. Thread-safe.
 */
public final class LlamaEncoder {
  private static final String BOUNDARY = String.valueOf(TextNormalizer.WORD_BOUNDARY);

  private final PieceEncoder pieces;
  private final Vocabulary vocabulary;
  private final SymbolMatcher special;
  private final boolean legacy;

  /** Put before a part that begins with a space but has no dummy prefix, then cut off again. */
  private final String guard;

  private final int guardLength;

  /**
   * @param guard LlamaTokenizer's {@code unk_token}, which here keeps SentencePiece from treating
   *     the beginning of a part as the beginning of a text
   */
  public LlamaEncoder(TokenizerJson json, boolean legacy, String guard) {
    this.pieces = json.encoder();
    this.vocabulary = json.vocabulary();
    this.special = new SymbolMatcher(vocabulary.specialIds());
    this.legacy = legacy;
    this.guard = guard;
    IdList ids = new IdList();
    pieces.encode(guard, false, ids);
    this.guardLength = ids.size();
  }

  /**
   * Begins a text, whose parts are then added.
   *
   * @param goesOn the parts go on another text, so that no dummy prefix is put before them
   */
  public Run begin(boolean goesOn) {
    return new Run(goesOn);
  }

  /** A text that is encoded part by part. */
  public final class Run {
    private final boolean goesOn;
    private final IdList ids = new IdList();

    /** Plain text since the last special token; it may be spelled as a special token is. */
    private final StringBuilder plain = new StringBuilder();

    private boolean textBegan;
    private boolean segmentEnded;

    private Run(boolean goesOn) {
      this.goesOn = goesOn;
      this.textBegan = goesOn;
    }

    /**
     * Adds the next part.
     *
     * @param trusted special tokens in the part are parsed
     */
    public void add(String part, boolean trusted) {
      if (part.isEmpty()) {
        return;
      }
      String text = prepared(part, !textBegan);
      textBegan = true;
      int start = 0;
      while (trusted && start < text.length()) {
        int end = special.next(text, start);
        plain.append(text, start, end);
        start = end;
        if (end < text.length()) {
          int length = special.lengthAt(text, end);
          endSegment(true);
          ids.add(special.idOf(text, end, length));
          start += length;
        }
      }
      plain.append(text, start, text.length());
    }

    /** Ends the text. */
    public int[] ids() {
      endSegment(false);
      return ids.toArray();
    }

    private void endSegment(boolean specialFollows) {
      boolean first = !segmentEnded;
      segmentEnded |= specialFollows;
      if (plain.isEmpty()) {
        return;
      }
      int before = ids.size();
      encodeSegment(plain.toString(), legacy && !(goesOn && first), ids);
      plain.setLength(0);
      boolean prefixAlone = !legacy && !goesOn && first && specialFollows && isBoundary(ids);
      if (prefixAlone) {
        ids.remove(before, ids.size());
      }
    }
  }

  private String prepared(String part, boolean first) {
    String repaired = Surrogates.replaced(part);
    if (legacy) {
      return repaired;
    }
    String spaced = repaired.replace(TextNormalizer.WORD_BOUNDARY, ' ');
    return first ? BOUNDARY + spaced : spaced;
  }

  private void encodeSegment(String segment, boolean dummyPrefix, IdList ids) {
    boolean guarded = segment.startsWith(BOUNDARY) || segment.startsWith(" ");
    if (dummyPrefix || !guarded) {
      pieces.encode(segment, dummyPrefix, ids);
      return;
    }
    int before = ids.size();
    pieces.encode(guard + segment, false, ids);
    if (ids.size() - before >= guardLength) {
      ids.remove(before, guardLength);
    }
  }

  private boolean isBoundary(IdList ids) {
    return ids.size() == 1 && vocabulary.piece(ids.get(0)).equals(BOUNDARY);
  }
}
