/**
 * The limits by hand beside Errand, measured in one run. Read {@link dev.errand.benchmarks.Report}
 * first; what is measured is in the packages {@code request} and {@code memory}.
 */
package dev.errand.benchmarks;
