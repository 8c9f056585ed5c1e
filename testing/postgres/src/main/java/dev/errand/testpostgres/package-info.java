/**
 * A real PostgreSQL for tests, brought by the build: {@link
 * dev.errand.testpostgres.PostgresServer}.
 */
package dev.errand.testpostgres;
