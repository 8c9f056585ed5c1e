package dev.errand.dispatch;

import dev.errand.spi.run.Run;
import java.time.Duration;

/** What a dispatcher did, for those who count and measure. */
public sealed interface DispatchEvent {

    /** The run that it did it for, as far as the dispatcher knows it. */
    Run run();

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
