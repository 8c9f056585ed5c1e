/**
 * The wire format for hosts that serve the API themselves: {@link dev.errand.wire.WireFormat} reads
 * requests and writes responses, {@link dev.errand.wire.ErrorBody} writes errors.
 */
@NullMarked
package dev.errand.wire;

import org.jspecify.annotations.NullMarked;
