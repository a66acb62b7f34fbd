/**
 * The {@code polylm} command.
 *
 * <p>{@link dev.polylm.cli.Main} passes the arguments to a command ({@code export}, {@code
 * inspect}, {@code generate}, {@code score}, {@code tokenize}, {@code serve}). A command answers
 * its arguments, or with {@code --jsonl} a file of requests. {@code JsonLines} then reads a line,
 * and a {@code LineAnswer} answers it. If it can't, an error takes the answer's place.
 *
 * <p>Results go to standard output or to a file. Everything said to people goes to standard error.
 * The exit status is 0, 1 if something could not be answered or done, or 2 if the arguments are
 * wrong.
 */
@NullMarked
package dev.polylm.cli;

import org.jspecify.annotations.NullMarked;
