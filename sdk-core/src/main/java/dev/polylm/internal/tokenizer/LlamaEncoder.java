package dev.polylm.internal.tokenizer;

import dev.polylm.model.TokenizerFacts;

/**
 * {@code LlamaTokenizer.tokenize} of transformers v4.57.6 ({@code
 * models/llama/tokenization_llama.py}) without its class hierarchy: where a text is cut at special
 * tokens and added words, and where the dummy prefix goes. Thread-safe.
 */
public final class LlamaEncoder {
  private static final String BOUNDARY = String.valueOf(TextNormalizer.WORD_BOUNDARY);

  private final PieceEncoder pieces;
  private final Vocabulary vocabulary;
  private final SymbolMatcher special;

  /** Added words that are not special: cut out of every text, trusted or not. */
  private final SymbolMatcher words;

  private final boolean legacy;

  /** No dummy prefix goes before a space: Metaspace of tokenizers 0.23. */
  private final boolean metaspace;

  /**
   * LlamaTokenizer's {@code unk_token}. Put before a part that begins with a space but has no dummy
   * prefix, then cut off again, it keeps SentencePiece from treating the part as a text's
   * beginning.
   */
  private final String guard;

  private final int guardLength;

  public LlamaEncoder(TokenizerJson json, TokenizerFacts facts) {
    this.pieces = json.encoder();
    this.vocabulary = json.vocabulary();
    this.special = new SymbolMatcher(vocabulary.specialIds());
    this.words = json.addedWords();
    this.legacy = facts.legacy();
    this.metaspace = facts.metaspace();
    this.guard = facts.unkToken();
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

    /** How many stretches of plain text, special tokens and words there were. */
    private int segments;

    private Run(boolean goesOn) {
      this.goesOn = goesOn;
      this.textBegan = goesOn;
    }

    /**
     * Adds the next part.
     *
     * @param part well-formed UTF-16
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
          endPlain(true);
          addSymbol(special.idOf(text, end, length));
          start += length;
        }
      }
      plain.append(text, start, text.length());
    }

    /** Ends the text. */
    public int[] ids() {
      endPlain(false);
      return ids.toArray();
    }

    private void endPlain(boolean specialFollows) {
      int start = 0;
      while (start < plain.length()) {
        int end = words.next(plain, start);
        boolean wordFollows = end < plain.length();
        if (end > start) {
          addPlain(plain.substring(start, end), specialFollows || wordFollows);
        }
        int length = wordFollows ? words.lengthAt(plain, end) : 0;
        if (wordFollows) {
          addSymbol(words.idOf(plain, end, length));
        }
        start = end + length;
      }
      plain.setLength(0);
    }

    private void addSymbol(int id) {
      segments++;
      ids.add(id);
    }

    private void addPlain(String segment, boolean moreFollows) {
      boolean first = segments == 0;
      segments++;
      boolean dummyPrefix = legacy && !(goesOn && first) && takesPrefix(segment);
      encodeSegment(segment, dummyPrefix, ids);
      boolean mayBeAlone = !legacy && !goesOn && first && moreFollows;
      if (mayBeAlone && isPrefixAlone(segment, ids)) {
        ids.remove(0, ids.size());
      }
    }
  }

  private String prepared(String part, boolean first) {
    if (legacy) {
      return part;
    }
    String spaced = part.replace(TextNormalizer.WORD_BOUNDARY, ' ');
    return first && takesPrefix(part) ? BOUNDARY + spaced : spaced;
  }

  private boolean takesPrefix(String text) {
    return !metaspace || !beginsWithSpace(text);
  }

  private static boolean beginsWithSpace(String text) {
    return text.startsWith(BOUNDARY) || text.startsWith(" ");
  }

  private void encodeSegment(String segment, boolean dummyPrefix, IdList ids) {
    if (dummyPrefix || metaspace || !beginsWithSpace(segment)) {
      pieces.encode(segment, dummyPrefix, ids);
      return;
    }
    int before = ids.size();
    pieces.encode(guard + segment, false, ids);
    if (ids.size() - before >= guardLength) {
      ids.remove(before, guardLength);
    }
  }

  /** No text is left before a special token but the prefix that was put there. */
  private boolean isPrefixAlone(String segment, IdList ids) {
    return metaspace
        ? segment.equals(BOUNDARY)
        : ids.size() == 1 && vocabulary.piece(ids.get(0)).equals(BOUNDARY);
  }
}
