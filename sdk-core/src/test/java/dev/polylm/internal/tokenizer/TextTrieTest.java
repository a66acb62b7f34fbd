package dev.polylm.internal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextTrieTest {
  @Test
  void anEmptyTrieKnowsNothing() {
    TextTrie trie = new TextTrie();

    assertThat(trie.child(TextTrie.ROOT, 'a')).isEqualTo(TextTrie.NONE);
    assertThat(trie.idOf("a")).isEqualTo(TextTrie.NONE);
    assertThat(trie.idOf("")).isEqualTo(TextTrie.NONE);
  }

  @Test
  void aTextIsFoundStepByStep() {
    TextTrie trie = new TextTrie();
    assertThat(trie.put("\0\uFFFF", 0)).isEqualTo(TextTrie.NONE);
    assertThat(trie.put("\0", 7)).isEqualTo(TextTrie.NONE);
    assertThat(trie.put("\0\uFFFF", 3)).isZero();

    int first = trie.child(TextTrie.ROOT, '\0');
    assertThat(trie.id(first)).isEqualTo(7);
    int second = trie.child(first, '\uFFFF');
    assertThat(trie.id(second)).isEqualTo(3);
    assertThat(trie.child(second, 'a')).isEqualTo(TextTrie.NONE);
    assertThat(trie.child(first, 'a')).isEqualTo(TextTrie.NONE);
    assertThat(trie.idOf("\0\uFFFFx", 2)).isEqualTo(3);
    assertThat(trie.idOf("\0\uFFFFx", 1)).isEqualTo(7);
  }

  @Test
  void manyTextsKeepTheirIds() {
    Random random = new Random(7);
    TextTrie trie = new TextTrie();
    Map<String, Integer> expected = new HashMap<>();
    for (int id = 0; id < 50_000; id++) {
      String text = text(random);
      Integer before = expected.put(text, id);
      assertThat(trie.put(text, id)).isEqualTo(before == null ? TextTrie.NONE : before);
    }
    expected.forEach((text, id) -> assertThat(trie.idOf(text)).isEqualTo(id));
    for (int i = 0; i < 50_000; i++) {
      String text = text(random);
      assertThat(trie.idOf(text)).isEqualTo(expected.getOrDefault(text, TextTrie.NONE));
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(6);
    for (int i = 0; i < length; i++) {
      text.append(
          (char) (random.nextBoolean() ? 'a' + random.nextInt(8) : random.nextInt(1 << 16)));
    }
    return text.toString();
  }
}
