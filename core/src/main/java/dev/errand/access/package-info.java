/**
 * Callers and their permissions, and the tokens of sandboxes. Start with {@link
 * dev.errand.access.Caller}.
 */
@NullMarked
package dev.errand.access;

import org.jspecify.annotations.NullMarked;
