/**
 * Finds which inputs a model's matrices get when the model reads texts, so that quantization can
 * weigh its errors.
 *
 * <p>{@link dev.polylm.export.calibration.KeyValueCalibration} finds the range of keys and values,
 * for the scales of a cache of integers.
 *
 * <p>{@link dev.polylm.export.calibration.CalibrationTexts} are texts that come with the exporter:
 * translations between the model's 18 languages. They consist of names and phrases of Unicode CLDR
 * 48.2 in the models' prompt forms (the licence is beside them). {@link
 * dev.polylm.export.calibration.Calibration} takes their ids through the checkpoint's layers. It
 * runs a layer only when the layer's matrices are about to be written, so it holds and reads only
 * one layer at a time.
 */
@NullMarked
package dev.polylm.export.calibration;

import org.jspecify.annotations.NullMarked;
