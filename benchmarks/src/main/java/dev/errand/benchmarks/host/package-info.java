/** The host that all benchmarks share. */
package dev.errand.benchmarks.host;
