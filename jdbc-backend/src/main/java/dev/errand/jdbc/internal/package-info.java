/** What must be public for {@link java.util.ServiceLoader} only. */
package dev.errand.jdbc.internal;
