package dev.errand.benchmarks.durable;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A launcher whose sandboxes exit successfully as soon as they are launched, so that only dispatch
 * itself takes time.
 *
 * @param launched called for each launch
 * @param discarded called when the end of a sandbox is recorded
 */
record InstantSandboxLauncher(Runnable launched, Runnable discarded) implements SandboxLauncher {

    private static final SandboxState ENDED =
            new SandboxState.Exited(
                    new SandboxExit(
                            0,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            List.of()));

    @Override
    public String launch(ProjectId project, LaunchRequest request, SandboxListener listener) {
        launched.run();
        listener.onExit(request.sandbox());
        return request.sandbox().toString();
    }

    @Override
    public SandboxState inspect(ProjectId project, SandboxId sandbox, SandboxListener listener) {
        return ENDED;
    }

    @Override
    public void stop(ProjectId project, SandboxId sandbox, StopReason reason, Duration grace) {}

    @Override
    public void discard(ProjectId project, SandboxId sandbox) {
        discarded.run();
    }

    @Override
    public void close() {}
}
