package dev.errand.testkit;

import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;

/**
 * A launcher for tests. Its sandboxes exist only in memory and are controlled by the test. It
 * records all requests. If two dispatchers share it, it acts as an executor that outlives both.
 * Thread-safe.
 */
public final class FakeLauncher implements SandboxLauncher {

    private final Map<SandboxId, SandboxState> sandboxes = new HashMap<>();
    private final Map<SandboxId, SandboxListener> listeners = new HashMap<>();
    private final Map<SandboxId, StopReason> stops = new HashMap<>();
    private final List<LaunchRequest> launches = new ArrayList<>();
    private final Queue<RuntimeException> failures = new ArrayDeque<>();
    private final List<SandboxId> discarded = new ArrayList<>();
    private Runnable duringLaunch = () -> {};
    private boolean ignoresStops;
    private int failingStops;

    /** Creates a launcher without sandboxes. */
    public FakeLauncher() {}

    @Override
    public synchronized String launch(
            ProjectId project, LaunchRequest request, SandboxListener listener) {
        RuntimeException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        listeners.put(request.sandbox(), listener);
        if (!sandboxes.containsKey(request.sandbox())) {
            launches.add(request);
            sandboxes.put(request.sandbox(), new SandboxState.Running());
        }
        duringLaunch.run();
        return "fake:" + request.sandbox();
    }

    @Override
    public synchronized SandboxState inspect(
            ProjectId project, SandboxId sandbox, SandboxListener listener) {
        listeners.putIfAbsent(sandbox, listener);
        return sandboxes.getOrDefault(sandbox, new SandboxState.Gone());
    }

    @Override
    public synchronized void stop(
            ProjectId project, SandboxId sandbox, StopReason reason, Duration grace) {
        if (failingStops > 0) {
            failingStops--;
            throw PortException.retryable("SandboxLauncher", "cannot be reached");
        }
        stops.put(sandbox, reason);
        if (!ignoresStops && sandboxes.get(sandbox) instanceof SandboxState.Running) {
            sandboxes.put(sandbox, new SandboxState.Exited(exit(143, Optional.of(reason))));
        }
    }

    @Override
    public synchronized void discard(ProjectId project, SandboxId sandbox) {
        sandboxes.remove(sandbox);
        discarded.add(sandbox);
    }

    @Override
    public void close() {
        // There is nothing to release.
    }

    /** Makes the next launch fail with a retryable exception. */
    public synchronized void failNextLaunch(String message) {
        failures.add(PortException.retryable("SandboxLauncher", message));
    }

    /** Makes the next launch throw the given exception. */
    public synchronized void throwAtNextLaunch(RuntimeException failure) {
        failures.add(failure);
    }

    /** Cancels all planned launch failures. */
    public synchronized void forgetFailures() {
        failures.clear();
    }

    /** Runs an action in every launch, after the sandbox has started. */
    public synchronized void duringLaunch(Runnable action) {
        duringLaunch = action;
    }

    /** Makes all sandboxes ignore requests to stop. */
    public synchronized void ignoreStops() {
        ignoresStops = true;
    }

    /** Makes the next requests to stop fail without effect. */
    public synchronized void failNextStops(int count) {
        failingStops = count;
    }

    /** Prints a line to the standard output of a sandbox. */
    public synchronized void print(SandboxId sandbox, String line) {
        listenerOf(sandbox).onOutput(sandbox, SandboxListener.Source.STDOUT, List.of(line));
    }

    /** Reports log entries that the launcher made of the output of a sandbox. */
    public synchronized void log(SandboxId sandbox, List<JsonText> entries) {
        listenerOf(sandbox).onLogEntries(sandbox, entries);
    }

    /** Ends a sandbox with an exit code and without results. */
    public void exit(SandboxId sandbox, int code) {
        exit(sandbox, exit(code, Optional.empty()));
    }

    /** Ends a sandbox with the given exit. */
    public synchronized void exit(SandboxId sandbox, SandboxExit exit) {
        sandboxes.put(sandbox, new SandboxState.Exited(exit));
        listenerOf(sandbox).onExit(sandbox);
    }

    private SandboxListener listenerOf(SandboxId sandbox) {
        return Objects.requireNonNull(listeners.get(sandbox), () -> "no listener of " + sandbox);
    }

    /** Removes a sandbox without an exit. */
    public synchronized void lose(SandboxId sandbox) {
        sandboxes.remove(sandbox);
    }

    /** Returns the requests of all started sandboxes in order. */
    public synchronized List<LaunchRequest> launches() {
        return List.copyOf(launches);
    }

    /** Returns the sandbox that was started last. */
    public synchronized SandboxId lastSandbox() {
        return launches.get(launches.size() - 1).sandbox();
    }

    /** Returns all discarded sandboxes in order. */
    public synchronized List<SandboxId> discarded() {
        return List.copyOf(discarded);
    }

    /** Returns the reason for which a sandbox was stopped, or empty if it was not. */
    public synchronized Optional<StopReason> stopOf(SandboxId sandbox) {
        return Optional.ofNullable(stops.get(sandbox));
    }

    /** Returns whether a sandbox is running. */
    public synchronized boolean isRunning(SandboxId sandbox) {
        return sandboxes.get(sandbox) instanceof SandboxState.Running;
    }

    /** Returns the number of running sandboxes. */
    public synchronized long running() {
        return sandboxes.values().stream().filter(SandboxState.Running.class::isInstance).count();
    }

    private static SandboxExit exit(int code, Optional<StopReason> reason) {
        return new SandboxExit(
                code, reason, Optional.empty(), Optional.empty(), List.of(), List.of("last words"));
    }
}
