/** Constraint annotations of request records, for what Jakarta Validation has no constraint for. */
@NullMarked
package dev.errand.internal.constraints;

import org.jspecify.annotations.NullMarked;
