/** Signing and checking of upload forms, shared by Errand's own object stores. */
@NullMarked
package dev.errand.spi.internal.forms;

import org.jspecify.annotations.NullMarked;
