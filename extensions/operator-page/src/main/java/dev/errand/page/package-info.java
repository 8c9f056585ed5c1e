/** The operator page: files that a browser loads, and the servlet that serves them. */
@NullMarked
package dev.errand.page;

import org.jspecify.annotations.NullMarked;
