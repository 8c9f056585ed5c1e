/**
 * Artifacts, staged uploads, and the object stores that hold their bytes. Read {@link
 * dev.errand.spi.store.StagingStore} first.
 */
@NullMarked
package dev.errand.spi.artifact;

import org.jspecify.annotations.NullMarked;
