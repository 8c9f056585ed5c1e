/**
 * Types that all ports share: ids, opaque JSON, secrets, paging, idempotency keys, and the root of
 * all exceptions.
 *
 * <p>To write a backend, start with {@link dev.errand.spi.store.Backend}; for an object store, with
 * {@link dev.errand.spi.artifact.ObjectStore}; for a launcher, with {@link
 * dev.errand.spi.sandbox.SandboxLauncher}; for a host's own projects and users, with {@link
 * dev.errand.spi.project.ProjectDirectory}. This module depends on the JDK only.
 */
@NullMarked
package dev.errand.spi;

import org.jspecify.annotations.NullMarked;
