package dev.errand.micrometer;

import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.Dispatch;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxRef;
import dev.errand.spi.dispatch.SandboxState;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.util.Objects;

/** A launcher whose launches are observed. */
final class ObservedLauncher implements SandboxLauncher {

    private final SandboxLauncher launcher;
    private final ErrandObservations observations;

    ObservedLauncher(SandboxLauncher launcher, ErrandObservations observations) {
        this.launcher = Objects.requireNonNull(launcher, "launcher");
        this.observations = observations;
    }

    @Override
    public String launch(ProjectId project, LaunchRequest request, SandboxListener listener) {
        Observation launch =
                observations
                        .of(ErrandObservations.LAUNCH, request.run(), request.sandbox())
                        .lowCardinalityKeyValue(ErrandObservations.OUTCOME, "failed");
        return launch.observe(
                () -> {
                    String handle = launcher.launch(project, request, listener);
                    launch.lowCardinalityKeyValue(ErrandObservations.OUTCOME, "launched");
                    return handle;
                });
    }

    @Override
    public SandboxState inspect(ProjectId project, SandboxRef sandbox, SandboxListener listener) {
        return launcher.inspect(project, sandbox, listener);
    }

    @Override
    public void stop(
            ProjectId project, SandboxRef sandbox, Dispatch.StopCause cause, Duration grace) {
        launcher.stop(project, sandbox, cause, grace);
    }

    @Override
    public void discard(ProjectId project, SandboxRef sandbox) {
        launcher.discard(project, sandbox);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
