package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/**
 * W4 under random schedules: whoever lives and is never silent for longer than the limit is never
 * stopped, whatever becomes of those who look after it; and an owner that comes back late writes
 * nothing. The property {@code errand.schedules} says how many schedules, {@code errand.seed} which
 * is the first.
 */
public abstract class SilenceSimulation {

    private static final int SCHEDULES = Integer.getInteger("errand.schedules", 2_000);
    private static final long FIRST_SEED = Long.getLong("errand.seed", 1);
    private static final int PROGRESS_EVERY = 5_000;

    /** For the subclasses, one a backend. */
    protected SilenceSimulation() {}

    /** How to get at what is tested; asked once a schedule. */
    protected abstract EngineFactory factory();

    @Test
    void nobodyWhoIsHeardInTimeIsEverStoppedAndNoLateOwnerWrites() {
        SimulatedSchedule.Tally tally = new SimulatedSchedule.Tally();
        PrintStream log = System.err;
        // What so many nodes log while they fail takes longer to write than all that they do.
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
        // A simulation in which nothing happens proves nothing.
        assertThat(tally.takeovers).as("takeovers").isGreaterThan(SCHEDULES / 2);
        assertThat(tally.pauses).as("pauses of owners").isGreaterThan(SCHEDULES / 2);
        assertThat(tally.refusedLateWrites).as("late writes").isGreaterThan(SCHEDULES / 100);
        assertThat(tally.nearMisses).as("silences near the limit").isGreaterThan(SCHEDULES / 2);
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
