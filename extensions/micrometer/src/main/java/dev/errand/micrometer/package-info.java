/**
 * Micrometer {@linkplain dev.errand.micrometer.ErrandMeters meters} and {@linkplain
 * dev.errand.micrometer.ErrandObservations observations} of dispatchers and runs.
 */
@NullMarked
package dev.errand.micrometer;

import org.jspecify.annotations.NullMarked;
