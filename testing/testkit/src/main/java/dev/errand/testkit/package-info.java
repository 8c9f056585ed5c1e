/**
 * For the tests of whoever builds on Errand. {@link dev.errand.testkit.Seed} makes ids and chance
 * repeatable, {@link dev.errand.testkit.Faulty} lets any port fail as a {@link
 * dev.errand.testkit.FaultPlan} says, {@link dev.errand.testkit.RecordingListener} remembers what
 * was told, {@link dev.errand.testkit.Requests} and {@link dev.errand.testkit.Operations} generate
 * what callers may ask. {@link dev.errand.testkit.Simulation} plays several nodes under all of
 * these faults, on any storage.
 *
 * <p>The settable clock, the builders of stored values and the fake launcher are those of the
 * contract tests: {@link dev.errand.tck.TestClock}, {@link dev.errand.tck.TestTasks}, {@link
 * dev.errand.tck.TestRuns}, {@link dev.errand.tck.TestArtifacts}, {@link
 * dev.errand.testkit.FakeLauncher}.
 */
package dev.errand.testkit;
