/**
 * A Hugging Face checkpoint's folder: config.json and the weights in safetensors or PyTorch files.
 *
 * <p>{@link dev.polylm.export.checkpoint.Checkpoint#open} reads config.json (ConfigReader), finds
 * the weight files (Weights, Format, ShardIndex) and reads what each holds: a safetensors header
 * (SafetensorsReader, SafetensorsEntry), or what torch.save wrote (TorchReader): a zip
 * (TorchArchive) or, before PyTorch 1.6, pickles and storages one after the other
 * (LegacyTorchFile), with a pickle (StateDictUnpickler, TorchGlobals) that describes tensors over
 * storages (TorchTensor). What comes out is one map from names to {@link
 * dev.polylm.export.tensor.StoredTensor}.
 *
 * <p>The files are strangers': nothing in them is run, no length is believed before it was compared
 * with the bytes that are there, and what is wrong is told in a {@link dev.polylm.PolyLmException}.
 */
@NullMarked
package dev.polylm.export.checkpoint;

import org.jspecify.annotations.NullMarked;
