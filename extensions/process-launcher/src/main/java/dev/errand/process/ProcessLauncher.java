package dev.errand.process;

import dev.errand.agents.AgentProfile;
import dev.errand.process.LauncherStatus.Containment;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each sandbox as a process on this machine, in its own directory below the work directory.
 *
 * <p>Any command-line program can be the agent. It receives the prompt on standard input and
 * everything else in {@code ERRAND_*} variables and files, and it leaves its result in files.
 * PROTOCOL.md of this module specifies the details.
 *
 * <pre>{@code
 * SandboxLauncher launcher =
 *         ProcessLauncher.builder(Path.of("/var/lib/agents"), AgentCommand.parse("my-agent --quiet"))
 *                 .inheritVariables("HTTPS_PROXY")
 *                 .build();
 * }</pre>
 *
 * <p><b>Environment.</b> An agent inherits {@code PATH}, {@code LANG}, {@code LC_*} and {@code TZ}
 * from the host and nothing else. Name any other variable, such as one with a credential of the
 * agent's model provider, in {@link ProcessLauncherBuilder#inheritVariables}.
 *
 * <p><b>Security.</b> By default an agent runs as the host's user and can do everything that this
 * user can. {@link ProcessLauncherBuilder#sandboxUsers} lets agents run as other users, which keeps
 * them from the host and, with several users, from each other. To limit what else they can reach,
 * let the command start a container, or use another launcher.
 *
 * <p><b>One machine.</b> A sandbox is known only to launchers on its machine that use the same work
 * directory. Nodes on other machines see it as gone, so a run must be claimed on the same machine
 * for as long as its sandbox lives.
 *
 * <p><b>Several processes.</b> Launchers of any number of processes may share a work directory.
 * Each of them can inspect and stop all sandboxes. One of them at a time forwards the output of a
 * sandbox. When its process ends, another launcher continues as soon as it is called for the
 * sandbox. While its process is only paused, the others report the sandbox as running until all
 * output was forwarded, for ten minutes at most.
 *
 * <p><b>Restart.</b> Sandboxes survive {@link #close()}, unless the builder says otherwise, and a
 * host that is killed. The next launcher finds them by their ids, alive or ended, and forwards the
 * remaining output. After a kill at most one batch of lines is forwarded twice. A sandbox that
 * ended together with its machine is gone, and {@link #launch} does not start it again under the
 * same id.
 *
 * <p><b>Threads.</b> One thread forwards the output of each sandbox with a listener, one watches
 * all sandboxes, one finds expired directories, one deletes directories, and one is used for each
 * sandbox whose files are measured or collected at the moment. No thread exists while nothing runs
 * and nothing is left to delete. Their names begin with {@code errand-sandbox}. A slow listener
 * delays only the lines of its own sandbox, and whatever an agent does to its files delays only
 * itself.
 *
 * <p><b>Requirements.</b> A POSIX system with {@code /bin/sh}. On Linux all processes of a sandbox
 * are found even if they leave their parents or their session, and, if the launcher may create
 * control groups or sandboxes have users for themselves, whatever else they do. Elsewhere a process
 * whose parent ends between two snapshots, which are two seconds apart, is not found again. {@link
 * #status} says which of these applies.
 */
public final class ProcessLauncher implements SandboxLauncher {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);

    private final SandboxRegistry sandboxes;
    private final LauncherShutdown shutdown;
    private final SandboxUsers users;
    private final Containment containment;
    private final ReadWriteLock closeLock = new ReentrantReadWriteLock();
    private boolean closed;

    ProcessLauncher(
            LauncherSettings settings,
            WorkDirectory workDirectory,
            ProcessTable table,
            SandboxUsers users,
            Optional<ControlGroups> groups) {
        this.sandboxes = new SandboxRegistry(settings, workDirectory, table, users, groups);
        this.users = users;
        this.containment =
                groups.isPresent()
                        ? Containment.CONTROL_GROUP
                        : users.areExclusive() ? Containment.USER : Containment.OBSERVATION;
        this.shutdown = new LauncherShutdown(settings, sandboxes, workDirectory);
        LOG.info("{}", status().sentence());
    }

    /**
     * Returns a builder for a launcher.
     *
     * @param workDirectory the directory for all sandboxes; created if it is missing, and used by
     *     at most one launcher of each process at a time
     * @param command the command that each sandbox runs
     */
    public static ProcessLauncherBuilder builder(Path workDirectory, AgentCommand command) {
        return new ProcessLauncherBuilder(workDirectory, AgentPrograms.of(command));
    }

    /**
     * Returns a builder for a launcher that runs the program of a profile and understands what it
     * prints.
     *
     * @param workDirectory as above
     * @param profile the profile of runs without a {@code runtime_adapter}, or with its name
     */
    public static ProcessLauncherBuilder builder(Path workDirectory, AgentProfile profile) {
        return new ProcessLauncherBuilder(workDirectory, AgentPrograms.of(profile));
    }

    /**
     * {@inheritDoc}
     *
     * @return the sandbox's directory
     * @throws dev.errand.spi.PortException if the program is not found or cannot be started, a file
     *     cannot be written, a secret's name is not of the form {@code [a-z0-9_]+}, the sandbox was
     *     started before and lost, it was discarded within the last hour, another launcher is
     *     starting it, or this launcher is closed
     * @throws IllegalArgumentException if the sandbox does not belong to {@code project}
     */
    @Override
    public String launch(ProjectId project, LaunchRequest request, SandboxListener listener) {
        Objects.requireNonNull(listener, "listener");
        checkScope(project, request.sandbox());
        return ifOpen(() -> sandboxes.launch(request, listener));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A sandbox has exited once none of its processes is alive and all of its output was
     * forwarded. If the listener accepts nothing for ten minutes after the end, the sandbox is
     * reported as exited nevertheless.
     *
     * @throws IllegalArgumentException if the sandbox does not belong to {@code project}
     */
    @Override
    public SandboxState inspect(ProjectId project, SandboxId sandbox, SandboxListener listener) {
        Objects.requireNonNull(listener, "listener");
        checkScope(project, sandbox);
        return ifOpen(() -> sandboxes.inspect(sandbox, listener));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Every process receives SIGTERM once, and SIGKILL after the grace period. If a sandbox is
     * stopped again, the first reason and the shorter grace period apply.
     *
     * @throws IllegalArgumentException if the sandbox does not belong to {@code project}
     */
    @Override
    public void stop(ProjectId project, SandboxId sandbox, StopReason reason, Duration grace) {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(grace, "grace");
        checkScope(project, sandbox);
        ifOpen(
                () -> {
                    sandboxes.stop(sandbox, reason, grace);
                    return null;
                });
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the sandbox has not ended
     * @throws IllegalArgumentException if the sandbox does not belong to {@code project}
     */
    @Override
    public void discard(ProjectId project, SandboxId sandbox) {
        checkScope(project, sandbox);
        ifOpen(
                () -> {
                    sandboxes.discard(sandbox);
                    return null;
                });
    }

    /** Returns how agents are isolated, and what could not be cleaned up. */
    public LauncherStatus status() {
        return new LauncherStatus(users.names(), containment, sandboxes.undeletedDirectories());
    }

    /**
     * Ends the launcher's threads and leaves all sandboxes, alive or ended, to the next launcher.
     *
     * <p>With {@link CloseAction#STOP} it stops all sandboxes first: SIGTERM, the grace period,
     * then SIGKILL. It forwards their remaining output if the listeners accept it, and returns when
     * no process is alive. Sandboxes that it stopped are gone for the next launcher.
     *
     * <p>Calling it again has no effect.
     */
    @Override
    public void close() {
        sandboxes.cancelPreparations();
        closeLock.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            closeLock.writeLock().unlock();
        }
        shutdown.close();
    }

    private <T> T ifOpen(Supplier<T> action) {
        closeLock.readLock().lock();
        try {
            if (closed) {
                throw PortExceptions.permanent(
                        "the launcher is closed; use a launcher that is open");
            }
            return action.get();
        } finally {
            closeLock.readLock().unlock();
        }
    }

    private static void checkScope(ProjectId project, SandboxId sandbox) {
        if (!project.equals(sandbox.project())) {
            throw new IllegalArgumentException(
                    "sandbox " + sandbox + " does not belong to project " + project);
        }
    }
}
