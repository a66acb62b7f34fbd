package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenBufferTest {

  @Test
  void growsBehindThePrompt() {
    TokenBuffer row = TokenBuffer.ofPrompt(4, 5);
    for (int id = 0; id < 100; id++) {
      row.append(id);
    }
    assertThat(row.size()).isEqualTo(102);
    assertThat(row.promptLength()).isEqualTo(2);
    assertThat(row.get(1)).isEqualTo(5);
    assertThat(row.get(101)).isEqualTo(99);
    assertThat(row.newIds()).hasSize(100).startsWith(0, 1).endsWith(99);
    assertThat(row.toArray()).hasSize(102).startsWith(4, 5, 0);
  }

  @Test
  void copiesPartFromEachOther() {
    int[] prompt = {4, 5};
    TokenBuffer row = TokenBuffer.ofPrompt(prompt);
    prompt[0] = 9;
    row.append(6);
    TokenBuffer copy = TokenBuffer.copyOf(row);
    row.append(7);
    copy.append(8);
    assertThat(row.toArray()).containsExactly(4, 5, 6, 7);
    assertThat(copy.toArray()).containsExactly(4, 5, 6, 8);
    assertThat(copy.newIds()).containsExactly(6, 8);
  }

  @Test
  void truncatesDownToThePrompt() {
    TokenBuffer row = TokenBuffer.ofPrompt(4, 5);
    row.append(6);
    row.append(7);
    row.truncate(3);
    assertThat(row.toArray()).containsExactly(4, 5, 6);
    row.truncate(2);
    assertThat(row.newIds()).isEmpty();
    assertThatThrownBy(() -> row.truncate(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("new size is 1, must be from 2 to 2");
    assertThatThrownBy(() -> row.truncate(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("new size is 3, must be from 2 to 2");
  }

  @Test
  void refusesIndexesOutside() {
    TokenBuffer row = TokenBuffer.ofPrompt(4);
    row.append(5);
    row.truncate(1);
    assertThatThrownBy(() -> row.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> row.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
