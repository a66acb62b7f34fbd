/**
 * The model as ONNX operators.
 *
 * <p>A {@link dev.polylm.export.graph.Ref} is a value in the graph, and arithmetic on refs adds
 * operators. An {@link dev.polylm.export.graph.Operator} describes an operator, and each use is
 * checked against it. {@link dev.polylm.export.graph.FusedGraph} builds the model from ONNX
 * Runtime's own operators, {@link dev.polylm.export.graph.PortableGraph} from the standard's. A
 * {@link dev.polylm.export.graph.WeightFormat} says how the large weights are stored and
 * multiplied. The result is a {@link dev.polylm.export.graph.Graph}: a small structure, and a list
 * of tensors that are read and converted only while they are written.
 *
 * <p>Inputs of the fused graph; capacity is the number of positions in the cache:
 *
 * <ul>
 *   <li>{@code input_ids}, {@code position_ids}: int64 [batch, sequence]
 *   <li>{@code seqlens_k}: int32 [batch], each row's length with this run's ids, minus 1
 *   <li>{@code total_sequence_length}: int32 [1], the largest of these lengths
 *   <li>{@code logits_rows}: int64 [n], the positions whose logits are wanted, each an index into
 *       batch * sequence
 *   <li>{@code past_key_values.N.key}, {@code .value}: [batch, heads, capacity, head_dim], float,
 *       float16 in a graph of 16 bits, or int8
 * </ul>
 *
 * <p>Outputs: {@code logits}, float [n, vocabulary]; {@code last_hidden_state}, float [batch,
 * sequence, hidden], from which the head makes logits, for embeddings; and {@code present.N.key},
 * {@code .value} of the past's shape. One buffer may be both past and present, and is then updated
 * in place.
 *
 * <p>Inputs of the portable graph: {@code input_ids}, {@code position_ids} as above; {@code
 * attention_mask}, int64 [batch, past + sequence], 0 if a key is padding; {@code
 * past_key_values.N.key}, {@code .value}, float or float16 [batch, heads, past, head_dim]. Outputs:
 * {@code logits}, float [batch, sequence, vocabulary], and {@code present.N.key}, {@code .value},
 * the past followed by the run's own. Rows of different lengths are padded on the left.
 *
 * <p>Traps of GroupQueryAttention on the CPU: the first ids of a prompt may be batched when padded
 * on the right; later ids, more than one at a time, only with batch 1; single ids may be batched
 * with a different length for each row. With a cache of int8, keys and values are quantized before
 * they are attended to, including those of the current run. So ids get the same keys and values
 * whether they are read in several runs or in one, unless a difference in a float's last bit rounds
 * a key to the neighbouring step.
 */
@NullMarked
package dev.polylm.export.graph;

import org.jspecify.annotations.NullMarked;
