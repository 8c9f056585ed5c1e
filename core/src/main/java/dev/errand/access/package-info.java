/**
 * Callers and their permissions, and sandbox tokens. Start with {@link dev.errand.access.Caller}.
 */
@NullMarked
package dev.errand.access;

import org.jspecify.annotations.NullMarked;
