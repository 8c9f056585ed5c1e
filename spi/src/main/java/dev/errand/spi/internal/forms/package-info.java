/** Signing and checking of upload forms, shared by Errand's own object stores. */
package dev.errand.spi.internal.forms;
