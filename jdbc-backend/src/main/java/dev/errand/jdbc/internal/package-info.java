/** The {@link java.util.ServiceLoader} provider, which must be public, and its connection pool. */
package dev.errand.jdbc.internal;
