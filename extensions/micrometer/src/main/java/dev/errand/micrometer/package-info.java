/**
 * Meters and observations for a host that has Micrometer. Read {@link
 * dev.errand.micrometer.ErrandMeters} and {@link dev.errand.micrometer.ErrandObservations}.
 */
package dev.errand.micrometer;
