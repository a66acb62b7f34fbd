/**
 * Calls of tools: functions of the caller that a model asks for. No PolyLM was trained to call
 * tools. So the prompt describes them, and a constraint holds the answer in one of two forms:
 *
 * <pre>{@code
 * {"tool_calls":[{"name":"getWeather","arguments":{"city":"Munich"}}]}
 * {"response":"It is sunny in Munich."}
 * }</pre>
 *
 * <ol>
 *   <li>{@link dev.polylm.internal.tool.ToolUse} is what a request offers. It makes the messages
 *       and the constraint.
 *   <li>{@link dev.polylm.internal.tool.ToolAnswer} reads the calls or the response out of the
 *       answer, also while it is generated.
 * </ol>
 */
@NullMarked
package dev.polylm.internal.tool;

import org.jspecify.annotations.NullMarked;
