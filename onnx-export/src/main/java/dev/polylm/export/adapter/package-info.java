/**
 * A PEFT LoRA adapter, merged into a checkpoint's weights as they are read, or written as a file
 * that models load at run time.
 *
 * <p>{@link dev.polylm.export.adapter.LoraAdapter} opens a folder with adapter_config.json and
 * adapter_model.safetensors or .bin. It returns tensors that read as W + scale B A, and the tensors
 * that replace the checkpoint's. It follows PEFT 0.21.0, {@code tuners/lora/layer.py} and {@code
 * tuners/lora/config.py}.
 */
@NullMarked
package dev.polylm.export.adapter;

import org.jspecify.annotations.NullMarked;
