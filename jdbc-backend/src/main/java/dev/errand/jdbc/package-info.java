/**
 * The backend for production: every storage port on PostgreSQL 13+ or H2 2.x. {@link
 * dev.errand.jdbc.JdbcBackend} is the entry and says how it behaves in a host; each port has one
 * class of its name, which holds its statements. {@code Database} is where connections and
 * transactions are taken and failures told apart, {@code Dialect} is what the two databases do not
 * share, and the tables are in {@code META-INF/errand}, numbered, one folder a database.
 */
package dev.errand.jdbc;
