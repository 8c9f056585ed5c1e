package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the launcher for the state of sandboxes. */
final class SandboxInspector {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxInspector.class);

    private final LauncherClient launcher;
    private final DispatchListeners listeners;

    SandboxInspector(LauncherClient launcher, DispatchListeners listeners) {
        this.launcher = launcher;
        this.listeners = listeners;
    }

    /**
     * State of a sandbox, as reported by the launcher.
     *
     * @param exit how it exited, if it has
     */
    record Inspection(DispatchFacts.Sandbox state, Optional<SandboxExit> exit) {

        static final Inspection NONE = of(DispatchFacts.Sandbox.NOT_INSPECTED);

        private static Inspection of(DispatchFacts.Sandbox state) {
            return new Inspection(state, Optional.empty());
        }

        private static Inspection of(SandboxState state) {
            if (state instanceof SandboxState.Exited exited && exited.exit() != null) {
                return new Inspection(DispatchFacts.Sandbox.EXITED, Optional.of(exited.exit()));
            }
            if (state instanceof SandboxState.Running) {
                return of(DispatchFacts.Sandbox.RUNNING);
            }
            return state instanceof SandboxState.Gone
                    ? of(DispatchFacts.Sandbox.GONE)
                    : of(DispatchFacts.Sandbox.UNKNOWN);
        }
    }

    /** Inspects the sandbox of a run; unknown if the launcher throws or gives no valid answer. */
    Inspection inspect(LeasedRun run) {
        SandboxId sandbox = run.sandbox();
        try {
            Inspection inspection = Inspection.of(launcher.inspect(run, sandbox));
            if (inspection.state() == DispatchFacts.Sandbox.UNKNOWN) {
                LOG.warn("the launcher gave no valid state of sandbox {}", sandbox);
            }
            // A thread that was abandoned meanwhile adopts nothing.
            if (!run.hasSupervisionEnded()
                    && run.history().markInspected()
                    && inspection.state() == DispatchFacts.Sandbox.RUNNING) {
                LOG.info("adopted sandbox {}", sandbox);
                listeners.publish(new DispatchEvent.Adopted(run.run()));
            }
            return inspection;
        } catch (RuntimeException failure) {
            LOG.warn("the launcher could not inspect sandbox {}", sandbox, failure);
            return Inspection.of(DispatchFacts.Sandbox.UNKNOWN);
        }
    }
}
