/**
 * Benchmarks that compare Errand with hand-written baselines, measured in one run. The entry point
 * is {@link dev.errand.benchmarks.Report}; the benchmarks are in the packages {@code request} and
 * {@code memory}.
 */
package dev.errand.benchmarks;
