/**
 * The entry point of the library. Create an engine with {@link dev.errand.Errand#builder} and
 * obtain a {@link dev.errand.ProjectClient} for each request; its operations are in {@link
 * dev.errand.task}, {@link dev.errand.run} and {@link dev.errand.artifact}.
 *
 * <p>Operations throw a {@link dev.errand.error.RequestException} if a request is rejected, and a
 * {@link dev.errand.spi.PortException} if the storage fails; both are subclasses of {@link
 * dev.errand.spi.ErrandException}. Incorrect use of the library throws an {@link
 * IllegalArgumentException}, {@link IllegalStateException} or {@link NullPointerException}.
 */
@NullMarked
package dev.errand;

import org.jspecify.annotations.NullMarked;
