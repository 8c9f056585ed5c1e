/** Benchmarks of reading requests and writing responses. */
package dev.errand.benchmarks.request;
