/**
 * The contract tests. Whoever writes a backend implements {@link dev.errand.tck.BackendFactory} and
 * extends {@link dev.errand.tck.StorageContracts}, which holds them all; all of them must pass, and
 * how many that were is printed at the end. Every test is named for the clause that it proves and
 * cites it: page and anchor in {@code docs/}, and a bare method name is that of the port.
 *
 * <p>{@link dev.errand.tck.TestClock}, {@link dev.errand.tck.TestTasks}, {@link
 * dev.errand.tck.TestRuns} and {@link dev.errand.tck.TestArtifacts} are for the tests of hosts too.
 */
@NullMarked
package dev.errand.tck;

import org.jspecify.annotations.NullMarked;
