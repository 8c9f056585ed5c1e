/**
 * The wire of the Tasks API (contract) as a servlet. Read {@link dev.errand.http.ErrandServlet}
 * first, then {@code Routes}, the table of what is served, and {@code ProjectEndpoint}, the order
 * of the checks. Nothing here decides what the core decides: bytes come in, an operation of the
 * core is asked, bytes go out.
 */
@NullMarked
package dev.errand.http;

import org.jspecify.annotations.NullMarked;
