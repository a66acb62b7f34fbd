package dev.polylm.internal.constraint;

import dev.polylm.internal.constraint.grammar.Program;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** A cache of programs by their source. The least recently used are dropped first. */
final class ProgramCache {
  private static final int MAX_PROGRAMS = 256;
  private static final long MAX_SIZE = 60_000;
  private static final float LOAD = 0.75f;

  private final Map<String, Program> programs = new LinkedHashMap<>(16, LOAD, true);
  private long size;

  /**
   * Returns the program of a text. It compiles outside the lock, so a slow program keeps nobody
   * waiting.
   */
  Program get(String text, Supplier<Program> compile) {
    synchronized (programs) {
      Program known = programs.get(text);
      if (known != null) {
        return known;
      }
    }
    Program compiled = compile.get();
    synchronized (programs) {
      Program first = programs.putIfAbsent(text, compiled);
      if (first != null) {
        return first;
      }
      size += weight(text, compiled);
      giveUpOldest();
    }
    return compiled;
  }

  private void giveUpOldest() {
    Iterator<Map.Entry<String, Program>> oldest = programs.entrySet().iterator();
    while ((size > MAX_SIZE && programs.size() > 1) || programs.size() > MAX_PROGRAMS) {
      Map.Entry<String, Program> entry = oldest.next();
      size -= weight(entry.getKey(), entry.getValue());
      oldest.remove();
    }
  }

  /** Returns the weight of an entry, in terms of about 200 bytes. */
  private static long weight(String text, Program program) {
    return (long) program.size() + text.length() / 100;
  }
}
