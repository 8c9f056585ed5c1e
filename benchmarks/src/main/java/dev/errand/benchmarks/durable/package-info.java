/**
 * Errand on PostgreSQL beside what plain JDBC can do, and beside two schedulers. Read {@link
 * dev.errand.benchmarks.durable.DurableReport} first; {@code ListBenchmark} and {@code
 * LifecycleBenchmark} hold what it measures.
 */
package dev.errand.benchmarks.durable;
