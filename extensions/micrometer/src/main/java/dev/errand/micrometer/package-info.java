/**
 * Micrometer {@linkplain dev.errand.micrometer.ErrandMeters meters} and {@linkplain
 * dev.errand.micrometer.ErrandObservations observations} of dispatchers and runs.
 */
package dev.errand.micrometer;
