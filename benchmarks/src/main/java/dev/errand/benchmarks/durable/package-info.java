/**
 * Errand on PostgreSQL beside what plain JDBC can do, and beside two schedulers. Read {@link
 * dev.errand.benchmarks.durable.DurableReport} first; {@code Lists} and {@code Lifecycles} hold
 * what it measures.
 */
package dev.errand.benchmarks.durable;
