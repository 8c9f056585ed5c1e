/**
 * Linearizability tests: Lincheck executes a few concurrent calls in many interleavings and
 * compares the results with those of sequential executions. Read {@link
 * dev.errand.memory.interleavings.Interleavings} first.
 */
package dev.errand.memory.interleavings;
