package dev.polylm.internal.constraint.term;

/** What a rule of a grammar is made of: a {@link Term} over bytes, or another rule. */
public interface Symbol {}
