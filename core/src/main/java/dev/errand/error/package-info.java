/** Exceptions that operations throw, and the error codes of the wire. */
package dev.errand.error;
