/**
 * The implementations of the operations. Start with {@link dev.errand.internal.engine.DefaultRuns}:
 * an operation validates the request, checks access, decides with {@link
 * dev.errand.internal.rules}, stores the result in one transaction, and notifies listeners and
 * dispatchers.
 */
@NullMarked
package dev.errand.internal.engine;

import org.jspecify.annotations.NullMarked;
