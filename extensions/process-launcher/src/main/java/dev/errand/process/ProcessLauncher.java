package dev.errand.process;

import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.DispatchState.StopReason;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.dispatch.SandboxListener;
import dev.errand.spi.dispatch.SandboxState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Runs each sandbox as a process on this machine, in a directory of its own below the work
 * directory.
 *
 * <p>Any command-line agent is one line of configuration: it gets its prompt on standard input,
 * everything else in {@code ERRAND_*} variables and files, and leaves its result in files.
 * PROTOCOL.md of this module is the whole agreement.
 *
 * <pre>{@code
 * SandboxLauncher launcher =
 *         ProcessLauncher.builder(Path.of("/var/lib/agents"), AgentCommand.parse("my-agent --quiet"))
 *                 .passOn("HTTPS_PROXY")
 *                 .build();
 * }</pre>
 *
 * <p><b>Not a wall.</b> An agent runs as the host's user and may do what that user may. What it is
 * given is confined, what it does is not; where that matters, let the command start a container, or
 * use another launcher.
 *
 * <p><b>One machine.</b> A sandbox is known only on its machine, to the launchers that have its
 * work directory open. Nodes on other machines see it as gone, so a run must be claimed on the same
 * machine for as long as its sandbox lives.
 *
 * <p><b>Several at a time.</b> Any number of processes may have a launcher on one work directory.
 * Each sees, watches and stops the sandboxes of all; one at a time tells what a sandbox prints, and
 * when its process ends, another one that is asked goes on. While it is only paused, they wait: the
 * sandbox has not exited for them until everything was told, ten minutes at most.
 *
 * <p><b>Across a restart.</b> Sandboxes outlive {@link #close()}, unless the builder says
 * otherwise, and a host that is killed. The next launcher finds them under their names, alive or
 * ended, and tells what was not told yet; after a kill at most one batch of lines is told twice.
 * One that ended together with its machine is gone, and {@link #launch} refuses to start it again
 * under the same name.
 *
 * <p><b>Threads.</b> One for each sandbox that somebody is told of, one that watches all, one that
 * clears away now and then, none while nothing runs; their names begin with {@code errand-sandbox}.
 * Listeners are called from the former, and one that is slow holds up its own sandbox's lines only.
 *
 * <p>Runs on POSIX systems with {@code /bin/sh}. On Linux, no process that a sandbox started can be
 * lost by leaving its parents or its session; elsewhere one that leaves its parents between two
 * looks, two seconds apart, is not found again.
 */
public final class ProcessLauncher implements SandboxLauncher {

    private final Sandboxes sandboxes;
    private final Closing closing;
    private final ReadWriteLock openness = new ReentrantReadWriteLock();
    private boolean closed;

    ProcessLauncher(Settings settings, WorkDirectory workDirectory, ProcessTable table) {
        this.sandboxes = new Sandboxes(settings, workDirectory, table);
        this.closing = new Closing(settings, sandboxes, workDirectory);
    }

    /**
     * Begins a launcher.
     *
     * @param workDirectory where the directories of the sandboxes lie; made if it is missing, and
     *     used by one launcher at a time
     * @param command what each sandbox runs
     */
    public static ProcessLauncherBuilder builder(Path workDirectory, AgentCommand command) {
        return new ProcessLauncherBuilder(workDirectory, command);
    }

    /**
     * {@inheritDoc}
     *
     * @return the sandbox's directory
     * @throws dev.errand.spi.BackendException if the program is not found or cannot be started, a
     *     file cannot be written, a secret's name is not of the form {@code [a-z0-9_]+}, the
     *     sandbox was started before and lost, it was discarded within the last hour, another
     *     launcher is starting it, or this one is closed
     * @throws IllegalArgumentException if {@code project} is not the sandbox's
     */
    @Override
    public String launch(ProjectId project, LaunchRequest request, SandboxListener listener) {
        Objects.requireNonNull(listener, "listener");
        checkScope(project, request.sandbox());
        return whileOpen(() -> sandboxes.launch(request, listener));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A sandbox has exited once nothing it started is alive and everything it printed was told.
     * Where a listener takes nothing for ten minutes after the end, its exit is answered all the
     * same.
     *
     * @throws IllegalArgumentException if {@code project} is not the sandbox's
     */
    @Override
    public SandboxState inspect(ProjectId project, SandboxId sandbox, SandboxListener listener) {
        Objects.requireNonNull(listener, "listener");
        checkScope(project, sandbox);
        return whileOpen(() -> sandboxes.inspect(sandbox, listener));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Every process gets SIGTERM once, and SIGKILL after the grace. Asked again, the first cause
     * stands and the shorter grace.
     *
     * @throws IllegalArgumentException if {@code project} is not the sandbox's
     */
    @Override
    public void stop(ProjectId project, SandboxId sandbox, StopReason cause, Duration grace) {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(grace, "grace");
        checkScope(project, sandbox);
        whileOpen(
                () -> {
                    sandboxes.stop(sandbox, cause, grace);
                    return null;
                });
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the sandbox has not ended
     * @throws IllegalArgumentException if {@code project} is not the sandbox's
     */
    @Override
    public void discard(ProjectId project, SandboxId sandbox) {
        checkScope(project, sandbox);
        whileOpen(
                () -> {
                    sandboxes.discard(sandbox);
                    return null;
                });
    }

    /**
     * Ends the launcher's threads and leaves all sandboxes, alive or ended, to the next launcher.
     *
     * <p>Where the builder says {@link AtClose#END}, it ends them first, asking and by force after
     * the grace, tells what they printed if the listeners take it, and returns when nothing is
     * alive; sandboxes ended by it are gone, as if they were lost.
     *
     * <p>A second call does nothing.
     */
    @Override
    public void close() {
        openness.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            openness.writeLock().unlock();
        }
        closing.close();
    }

    private <T> T whileOpen(Supplier<T> action) {
        openness.readLock().lock();
        try {
            if (closed) {
                throw Failures.permanent("the launcher is closed", null);
            }
            return action.get();
        } finally {
            openness.readLock().unlock();
        }
    }

    private static void checkScope(ProjectId project, SandboxId sandbox) {
        if (!project.equals(sandbox.project())) {
            throw new IllegalArgumentException(
                    "sandbox " + sandbox + " is not of project " + project);
        }
    }
}
