package dev.polylm.internal.constraint.term;

/** A part of a rule: a {@link Term} over bytes, or another rule. */
public interface Symbol {}
