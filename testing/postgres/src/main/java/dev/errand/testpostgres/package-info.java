/** A real PostgreSQL for tests: {@link dev.errand.testpostgres.PostgresServer}. */
package dev.errand.testpostgres;
