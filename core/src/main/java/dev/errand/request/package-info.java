/**
 * Building blocks of request records: {@link dev.errand.request.Patch}, and constraint annotations
 * for what Jakarta Validation has no constraint for.
 */
@NullMarked
package dev.errand.request;

import org.jspecify.annotations.NullMarked;
