package dev.errand.micrometer;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Observes the launches of a launcher. */
final class ObservedLauncher implements SandboxLauncher {

    private static final Logger LOG = LoggerFactory.getLogger(ObservedLauncher.class);
    private static final String OUTCOME = ErrandObservations.OUTCOME;

    private final SandboxLauncher launcher;
    private final ErrandObservations observations;

    ObservedLauncher(SandboxLauncher launcher, ErrandObservations observations) {
        this.launcher = Objects.requireNonNull(launcher, "launcher");
        this.observations = observations;
    }

    @Override
    public String launch(ProjectId project, LaunchRequest request, SandboxListener listener) {
        Map<String, String> trace = new HashMap<>();
        SenderContext<Map<String, String>> context =
                new SenderContext<>((carrier, name, value) -> trace.put(name, value));
        context.setCarrier(trace);
        Observation launch =
                observations.of(
                        ErrandObservations.LAUNCH, request.run(), request.sandbox(), context);
        AtomicReference<Observation.Scope> scope = new AtomicReference<>(Observation.Scope.NOOP);
        guarded(launch::start);
        guarded(() -> scope.set(launch.openScope()));
        try {
            String handle = launcher.launch(project, request.withTraceContext(trace), listener);
            guarded(() -> launch.lowCardinalityKeyValue(OUTCOME, "launched"));
            return handle;
        } catch (RuntimeException | Error failure) {
            guarded(() -> launch.lowCardinalityKeyValue(OUTCOME, "failed").error(failure));
            throw failure;
        } finally {
            guarded(() -> Objects.requireNonNull(scope.get()).close());
            guarded(launch::stop);
        }
    }

    /** A handler of the host that throws must not fail a launch. */
    private static void guarded(Runnable observation) {
        try {
            observation.run();
        } catch (RuntimeException failure) {
            LOG.warn("could not observe a launch", failure);
        }
    }

    @Override
    public SandboxState inspect(ProjectId project, SandboxId sandbox, SandboxListener listener) {
        return launcher.inspect(project, sandbox, listener);
    }

    @Override
    public void stop(ProjectId project, SandboxId sandbox, StopReason reason, Duration grace) {
        launcher.stop(project, sandbox, reason, grace);
    }

    @Override
    public void discard(ProjectId project, SandboxId sandbox) {
        launcher.discard(project, sandbox);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
