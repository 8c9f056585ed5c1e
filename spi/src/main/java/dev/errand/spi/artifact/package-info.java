/**
 * Artifacts, and the object stores that hold their bytes. Start with {@link
 * dev.errand.spi.artifact.ObjectStore}. Uploads that no run has consumed yet are in {@link
 * dev.errand.spi.store.StagingStore}.
 */
@NullMarked
package dev.errand.spi.artifact;

import org.jspecify.annotations.NullMarked;
