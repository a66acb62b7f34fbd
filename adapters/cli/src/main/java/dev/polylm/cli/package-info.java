/**
 * The {@code polylm} command.
 *
 * <p>{@link dev.polylm.cli.Main} hands the arguments to a command ({@code export}, {@code inspect},
 * {@code generate}, {@code score}, {@code tokenize}). A command answers its arguments, or with
 * {@code --jsonl} a file of requests: {@code JsonLines} reads a line, a {@code LineAnswer} answers
 * it, and what it can't answer becomes an error in the line's place.
 *
 * <p>Results go to standard output or to a file, everything said to people to standard error. Exit
 * status: 0, 1 where something could not be answered or done, 2 where the arguments are wrong.
 */
@NullMarked
package dev.polylm.cli;

import org.jspecify.annotations.NullMarked;
