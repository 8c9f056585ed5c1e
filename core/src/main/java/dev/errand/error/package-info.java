/**
 * The exceptions that operations throw, and the error codes of the API. Start with {@link
 * dev.errand.error.RequestException} and its subclasses.
 */
@NullMarked
package dev.errand.error;

import org.jspecify.annotations.NullMarked;
