/** The lifecycle of tasks and runs in the memory of one process. */
package dev.errand.benchmarks.memory;
