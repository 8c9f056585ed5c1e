/** Rules about host names and IP addresses that callers or sandboxes name. */
@NullMarked
package dev.errand.spi.network;

import org.jspecify.annotations.NullMarked;
