package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.spi.PortException;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Calls the launcher. Each call is recorded in the {@link LeasedRun}, so that a hung call is
 * noticed and only threads in a launcher call are interrupted, never one that writes to storage.
 */
final class LauncherClient {

    private final Engine engine;
    private final SandboxLauncher launcher;
    private final SandboxListener listener;

    LauncherClient(Engine engine, SandboxLauncher launcher, SandboxListener listener) {
        this.engine = engine;
        this.launcher = launcher;
        this.listener = listener;
    }

    String launch(LeasedRun run, LaunchRequest request) {
        return call(
                run, true, () -> launcher.launch(request.sandbox().project(), request, listener));
    }

    SandboxState inspect(LeasedRun run, SandboxId sandbox) {
        return call(run, false, () -> launcher.inspect(sandbox.project(), sandbox, listener));
    }

    void stop(LeasedRun run, SandboxId sandbox, StopReason reason, Duration gracePeriod) {
        call(
                run,
                false,
                () -> {
                    launcher.stop(sandbox.project(), sandbox, reason, gracePeriod);
                    return sandbox;
                });
    }

    void discard(LeasedRun run, SandboxId sandbox) {
        call(
                run,
                false,
                () -> {
                    launcher.discard(sandbox.project(), sandbox);
                    return sandbox;
                });
    }

    private <T> T call(LeasedRun run, boolean launches, Supplier<T> call) {
        run.enterLauncher(launches, engine.now());
        try {
            return call.get();
        } catch (VirtualMachineError e) {
            throw e;
        } catch (Error e) {
            // Such as a class that is missing: a failure of this launcher, not of the process.
            throw PortException.retryable("SandboxLauncher", e.toString(), e);
        } finally {
            run.leaveLauncher(engine.now());
        }
    }
}
