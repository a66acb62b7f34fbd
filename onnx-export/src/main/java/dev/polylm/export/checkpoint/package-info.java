/**
 * A Hugging Face checkpoint's folder: config.json and the weights in safetensors or PyTorch files.
 *
 * <p>{@link dev.polylm.export.checkpoint.Checkpoint#open} reads config.json (ConfigReader), finds
 * the weight files (Weights, Format, ShardIndex) and reads what each holds. A safetensors file has
 * a header (SafetensorsReader, SafetensorsEntry). A file from torch.save (TorchReader) is a zip
 * (TorchArchive) or, before PyTorch 1.6, a sequence of pickles and storages (LegacyTorchFile).
 * Either holds a pickle (StateDictUnpickler, TorchGlobals) that describes tensors over storages
 * (TorchTensor). The result is one map from names to {@link dev.polylm.export.tensor.StoredTensor}.
 *
 * <p>The files are untrusted. Nothing in them is run. Each length is compared with the bytes that
 * are there before it is used. A {@link dev.polylm.PolyLmException} says what is wrong.
 */
@NullMarked
package dev.polylm.export.checkpoint;

import org.jspecify.annotations.NullMarked;
