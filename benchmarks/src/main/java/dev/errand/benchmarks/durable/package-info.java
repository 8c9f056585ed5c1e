/**
 * Benchmarks that compare Errand on PostgreSQL with hand-written JDBC and with two schedulers. The
 * entry point is {@link dev.errand.benchmarks.durable.DurableReport}; the measurements are in
 * {@code ListBenchmark}, {@code LifecycleBenchmark} and {@code DispatchBenchmark}.
 */
package dev.errand.benchmarks.durable;
