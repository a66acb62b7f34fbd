/**
 * The {@code polylm} command.
 *
 * <p>{@link dev.polylm.cli.Main} passes the arguments to {@code PolyLmCommand}, which knows the
 * subcommands and turns what they throw into a sentence, a hint and one of the {@code ExitCodes}. A
 * subcommand answers its arguments, or with {@code --jsonl} a file of requests. {@code JsonLines}
 * then reads a line, and a {@code LineAnswer} answers it. If it can't, an error takes the answer's
 * place.
 *
 * <p>Results go to standard output or to a file. Everything said to people goes to standard error,
 * through {@code Streams}. {@code Interruption} turns Ctrl-C into an interrupt of the command's
 * thread, which ends the model's answer with the text so far.
 */
@NullMarked
package dev.polylm.cli;

import org.jspecify.annotations.NullMarked;
