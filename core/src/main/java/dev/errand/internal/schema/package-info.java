/**
 * Validation against JSON schemas, which are untrusted input: the steps and the memory of a
 * validation are bounded.
 */
@NullMarked
package dev.errand.internal.schema;

import org.jspecify.annotations.NullMarked;
