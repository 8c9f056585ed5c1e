/**
 * Test support for applications that embed Errand and for authors of backends.
 *
 * <ul>
 *   <li>{@link dev.errand.testkit.FakeLauncher}: sandboxes in memory
 *   <li>{@link dev.errand.testkit.FaultInjection}: ports that fail according to a {@link
 *       dev.errand.testkit.FaultPlan}
 *   <li>{@link dev.errand.testkit.RandomSeed}: reproducible ids and randomness
 *   <li>{@link dev.errand.testkit.RecordingListener}: records run events
 *   <li>{@link dev.errand.testkit.Requests} and {@link dev.errand.testkit.Operations}: generators
 *       for requests and sequences of operations
 *   <li>{@link dev.errand.testkit.Simulation}: several nodes with injected faults, on any backend
 * </ul>
 *
 * <p>The TCK contains a settable clock and builders for stored values: {@link
 * dev.errand.tck.TestClock}, {@link dev.errand.tck.TestTasks}, {@link dev.errand.tck.TestRuns},
 * {@link dev.errand.tck.TestArtifacts}.
 */
@NullMarked
package dev.errand.testkit;

import org.jspecify.annotations.NullMarked;
