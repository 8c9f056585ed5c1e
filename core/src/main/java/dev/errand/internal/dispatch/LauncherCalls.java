package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxState;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks the launcher on behalf of who attends to a run, and says so: only a thread that waits for a
 * launcher is ever interrupted, never one that writes to a storage.
 */
public final class LauncherCalls {

    private final Engine engine;
    private final SandboxLauncher launcher;
    private final SandboxListener listener;

    public LauncherCalls(Engine engine, SandboxLauncher launcher, SandboxListener listener) {
        this.engine = engine;
        this.launcher = launcher;
        this.listener = listener;
    }

    public String launch(Supervised run, LaunchRequest request) {
        return call(
                run, true, () -> launcher.launch(request.sandbox().project(), request, listener));
    }

    public SandboxState inspect(Supervised run, SandboxId sandbox) {
        return call(run, false, () -> launcher.inspect(sandbox.project(), sandbox, listener));
    }

    public void stop(
            Supervised run, SandboxId sandbox, DispatchState.StopReason cause, Duration grace) {
        call(
                run,
                false,
                () -> {
                    launcher.stop(sandbox.project(), sandbox, cause, grace);
                    return sandbox;
                });
    }

    public void discard(Supervised run, SandboxId sandbox) {
        call(
                run,
                false,
                () -> {
                    launcher.discard(sandbox.project(), sandbox);
                    return sandbox;
                });
    }

    private <T> T call(Supervised run, boolean launches, Supplier<T> asked) {
        run.enterLauncher(launches, engine.now());
        try {
            return asked.get();
        } finally {
            run.leaveLauncher(engine.now());
        }
    }
}
