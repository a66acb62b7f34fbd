/**
 * A Hugging Face checkpoint's folder: config.json and the weights in safetensors or PyTorch files.
 */
@NullMarked
package dev.polylm.export.checkpoint;

import org.jspecify.annotations.NullMarked;
