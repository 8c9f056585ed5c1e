/**
 * The entry point of the library. Create an engine with {@link dev.errand.Errand#builder} and
 * obtain a {@link dev.errand.ProjectClient} for each caller; its operations are in {@link
 * dev.errand.task}, {@link dev.errand.run} and {@link dev.errand.artifact}.
 *
 * <p>All exceptions are subclasses of {@link dev.errand.spi.ErrandException}: a {@link
 * dev.errand.error.RequestException} if a request was rejected, and a {@link
 * dev.errand.spi.BackendException} if the storage failed.
 */
@NullMarked
package dev.errand;

import org.jspecify.annotations.NullMarked;
