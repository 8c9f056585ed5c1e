/**
 * The dispatcher. {@link dev.errand.internal.dispatch.DispatchRules} decides the next step of a
 * run, {@link dev.errand.internal.dispatch.RunSupervisor} takes it, and {@link
 * dev.errand.internal.dispatch.DispatchCycle} is the algorithm around them.
 */
@NullMarked
package dev.errand.internal.dispatch;

import org.jspecify.annotations.NullMarked;
