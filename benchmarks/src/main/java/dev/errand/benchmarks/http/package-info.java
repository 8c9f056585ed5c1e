/** Load over HTTP: Errand's servlet beside a servlet that echoes, in the same servlet container. */
package dev.errand.benchmarks.http;
