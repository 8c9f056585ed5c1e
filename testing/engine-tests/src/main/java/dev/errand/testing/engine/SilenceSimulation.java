package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of nodes that pause, die and continue: a sandbox that is never inactive for
 * longer than the limit is never stopped, and writes under stale leases are rejected. The property
 * {@code errand.schedules} sets the number of schedules, {@code errand.seed} the first seed.
 */
public abstract class SilenceSimulation {

    private static final int SCHEDULES = Integer.getInteger("errand.schedules", 2_000);
    private static final long FIRST_SEED = Long.getLong("errand.seed", 1);
    private static final int PROGRESS_EVERY = 5_000;

    /** For subclasses, one for each backend. */
    protected SilenceSimulation() {}

    /** Returns the factory of the engine under test; called once for each schedule. */
    protected abstract EngineFactory factory();

    @Test
    void activeSandboxesAreNeverStoppedAndLateOwnersNeverWrite() {
        SimulatedSchedule.Tally tally = new SimulatedSchedule.Tally();
        PrintStream log = System.err;
        // Writing the log of so many failures would take longer than the simulation.
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            for (int i = 0; i < SCHEDULES; i++) {
                play(FIRST_SEED + i, tally);
                if ((i + 1) % PROGRESS_EVERY == 0) {
                    System.out.println((i + 1) + " of " + SCHEDULES + " schedules: " + tally);
                }
            }
        } finally {
            System.setErr(log);
        }
        // The schedules must cover the interesting cases.
        assertThat(tally.takeovers).as("takeovers").isGreaterThan(SCHEDULES / 2);
        assertThat(tally.pauses).as("pauses of owners").isGreaterThan(SCHEDULES / 2);
        assertThat(tally.rejectedLateWrites)
                .as("rejected late writes")
                .isGreaterThan(SCHEDULES / 100);
        assertThat(tally.nearMisses).as("inactivity near the limit").isGreaterThan(SCHEDULES / 2);
    }

    private void play(long seed, SimulatedSchedule.Tally tally) {
        try {
            EngineFactory factory = factory();
            new SimulatedSchedule(seed, factory.storage()::open, factory::openObjects, tally)
                    .play();
        } catch (AssertionError broken) {
            throw new AssertionError("broken by -Derrand.seed=" + seed, broken);
        }
    }
}
