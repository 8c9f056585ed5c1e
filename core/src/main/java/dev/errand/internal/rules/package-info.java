/**
 * The rules of the domain, as tables and pure functions of values: no I/O, no clock, no logging.
 * Start with {@link dev.errand.internal.rules.RunUpdateRules}.
 */
@NullMarked
package dev.errand.internal.rules;

import org.jspecify.annotations.NullMarked;
