/** The {@link java.util.ServiceLoader} provider, which must be public, and its connection pool. */
@NullMarked
package dev.errand.jdbc.internal;

import org.jspecify.annotations.NullMarked;
