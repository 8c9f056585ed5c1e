package dev.errand.testing.engine;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Changes the results of a launcher. */
final class HookedLauncher implements SandboxLauncher {

    private final SandboxLauncher real;
    private volatile UnaryOperator<String> launched = UnaryOperator.identity();
    private volatile UnaryOperator<SandboxState> inspected = UnaryOperator.identity();

    HookedLauncher(SandboxLauncher real) {
        this.real = real;
    }

    /** Sets a function that is applied to the handle of each launched sandbox. */
    void onLaunched(UnaryOperator<String> hook) {
        launched = hook;
    }

    /** Sets a function that is applied to each inspected state. */
    void onInspected(UnaryOperator<SandboxState> hook) {
        inspected = hook;
    }

    /** Returns all results unchanged again. */
    void reset() {
        launched = UnaryOperator.identity();
        inspected = UnaryOperator.identity();
    }

    @Override
    public String launch(ProjectId project, LaunchRequest request, SandboxListener listener) {
        return launched.apply(real.launch(project, request, listener));
    }

    @Override
    public SandboxState inspect(ProjectId project, SandboxId sandbox, SandboxListener listener) {
        return inspected.apply(real.inspect(project, sandbox, listener));
    }

    @Override
    public void stop(ProjectId project, SandboxId sandbox, StopReason reason, Duration grace) {
        real.stop(project, sandbox, reason, grace);
    }

    @Override
    public void discard(ProjectId project, SandboxId sandbox) {
        real.discard(project, sandbox);
    }

    @Override
    public void close() {
        real.close();
    }
}
