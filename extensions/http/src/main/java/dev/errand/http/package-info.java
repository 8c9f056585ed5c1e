/**
 * The Tasks API as a servlet: {@link dev.errand.http.ErrandServlet}. {@code Routes} is the table of
 * operations, {@code ProjectEndpoint} makes the checks they share. This package maps HTTP to the
 * operations of the core, and contains no rules of its own.
 */
@NullMarked
package dev.errand.http;

import org.jspecify.annotations.NullMarked;
