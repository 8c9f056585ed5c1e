/**
 * Contract tests for storage backends. The author of a backend implements {@link
 * dev.errand.tck.BackendFactory} and extends {@link dev.errand.tck.StorageContracts}, which
 * contains all contracts. All tests must pass; the number of passed tests is printed at the end.
 * The Javadoc of each test cites the clause that it verifies: a page and anchor in {@code docs/},
 * or the name of a method of the port.
 *
 * <p>{@link dev.errand.tck.TestClock}, {@link dev.errand.tck.TestTasks}, {@link
 * dev.errand.tck.TestRuns} and {@link dev.errand.tck.TestArtifacts} can also be used in the tests
 * of applications.
 */
@NullMarked
package dev.errand.tck;

import org.jspecify.annotations.NullMarked;
