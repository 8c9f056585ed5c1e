/**
 * The production backend: every storage port on PostgreSQL 14 or later, or H2 2.x. {@link
 * dev.errand.jdbc.JdbcBackend} is the entry point. Each port is implemented by one class named
 * after it ({@code JdbcRunStore}), beside its SQL statements. {@code Database} manages connections
 * and transactions, {@code SqlFailure} classifies failures, {@code EnvironmentCheck} refuses
 * databases that could lose data, and {@code Dialect} holds the differences between the two
 * databases. The migrations are in {@code META-INF/errand}, in one folder per database.
 */
@NullMarked
package dev.errand.jdbc;

import org.jspecify.annotations.NullMarked;
