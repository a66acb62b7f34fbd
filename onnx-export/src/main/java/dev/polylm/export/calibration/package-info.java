/**
 * What inputs the matrices of a model meet when it reads texts, so that quantization can weigh its
 * errors.
 *
 * <p>{@link dev.polylm.export.calibration.KeyValueCalibration} finds what keys and values come up,
 * for the scales of a cache of integers.
 *
 * <p>{@link dev.polylm.export.calibration.CalibrationTexts} are translations between the model's 18
 * languages, which the exporter ships: names and phrases of Unicode CLDR 48.2 in the models' prompt
 * forms (licence beside them). {@link dev.polylm.export.calibration.Calibration} takes their ids
 * through the layers of the checkpoint, one layer at a time as its matrices come to be written, so
 * that memory and reading stay those of a layer.
 */
@NullMarked
package dev.polylm.export.calibration;

import org.jspecify.annotations.NullMarked;
