package dev.errand.dispatch;

import dev.errand.spi.run.Run;
import java.time.Duration;

/** What a dispatcher did, for those who count and measure. */
public sealed interface DispatchEvent {

    /** The run that it did it for, as far as the dispatcher knows it. */
    Run run();

    /**
     * The dispatcher claimed a run, and looks after it from here on: told before anything else of
     * it, and followed by one {@link Released}.
     */
    record Claimed(Run run) implements DispatchEvent {}

    /**
     * The dispatcher looks after the run no more, be it that it has ended, that it waits for
     * another attempt, or that it is somebody else's: told last of all, and before the same run is
     * taken up anew.
     */
    record Released(Run run) implements DispatchEvent {}

    /**
     * A sandbox was launched, and that is recorded.
     *
     * @param after how long the run had waited for it since it was queued
     */
    record Launched(Run run, Duration after) implements DispatchEvent {}

    /**
     * A launch failed and will be tried again, or not.
     *
     * @param cause why, as the run has it
     */
    record LaunchFailed(Run run, String cause) implements DispatchEvent {}

    /** A living sandbox was taken over from whoever launched it. */
    record Adopted(Run run) implements DispatchEvent {}

    /** Somebody else has the run now; this dispatcher writes nothing more of it. */
    record LeaseLost(Run run) implements DispatchEvent {}
}
