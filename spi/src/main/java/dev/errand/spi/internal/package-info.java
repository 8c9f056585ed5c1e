/** Implementation shared by Errand's own modules; not part of the API. */
@NullMarked
package dev.errand.spi.internal;

import org.jspecify.annotations.NullMarked;
