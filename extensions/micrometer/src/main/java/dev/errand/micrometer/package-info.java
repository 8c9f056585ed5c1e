/** Meters for a host that has Micrometer. Read {@link dev.errand.micrometer.ErrandMeters}. */
package dev.errand.micrometer;
