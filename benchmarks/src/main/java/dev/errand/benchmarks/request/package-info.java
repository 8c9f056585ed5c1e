/** From the bytes of a request to those of its answer. */
package dev.errand.benchmarks.request;
