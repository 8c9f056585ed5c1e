package dev.errand.process;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/** Collects the optional parts of a {@link ProcessLauncher}. Not thread-safe. */
public final class ProcessLauncherBuilder {
    private final Path workDirectory;
    private final AgentCommand command;
    private final HostVariables variables = new HostVariables();
    private Clock clock = Clock.systemUTC();
    private Bounds bounds = Bounds.DEFAULT;
    private Limits limits = Limits.DEFAULT;
    private CleanUp cleanUp = CleanUp.KEEP_FAILED;
    private Duration keepFor = Duration.ofDays(7);
    private AtClose atClose = AtClose.LEAVE_RUNNING;
    private Duration grace = Duration.ofSeconds(10);
    private Pace pace = Pace.DEFAULT;
    private ProcessTable table = ProcessTable.ofThisSystem();

    ProcessLauncherBuilder(Path workDirectory, AgentCommand command) {
        this.workDirectory = workDirectory.toAbsolutePath().normalize();
        this.command = Objects.requireNonNull(command, "command");
    }

    /** The clock of time limits; the system's unless set. */
    public ProcessLauncherBuilder clock(Clock changed) {
        clock = Objects.requireNonNull(changed, "clock");
        return this;
    }

    /**
     * Passes on further variables of the host, as they are when the launcher is built. {@code
     * PATH}, {@code LANG}, {@code LC_*} and {@code TZ} always are; {@code HOME} and {@code TMPDIR}
     * are the sandbox's own unless named here.
     *
     * @throws IllegalArgumentException if a name begins with {@code ERRAND_} or cannot be one
     */
    public ProcessLauncherBuilder passOn(String... names) {
        for (String name : names) {
            variables.passOn(name);
        }
        return this;
    }

    /**
     * Gives every agent a variable; it goes before one that is passed on. Whoever may see the
     * processes of the user may see it.
     *
     * @throws IllegalArgumentException if the name begins with {@code ERRAND_} or cannot be one, or
     *     the value holds a NUL
     */
    public ProcessLauncherBuilder variable(String name, String value) {
        variables.give(name, value);
        return this;
    }

    /** The largest output file that is taken, 16 MiB unless set; at most 1 GiB. */
    public ProcessLauncherBuilder maxOutputBytes(long changed) {
        bounds = bounds.withOutputBytes(changed);
        return this;
    }

    /** The most artifacts that are taken, 100 unless set. */
    public ProcessLauncherBuilder maxArtifacts(int changed) {
        bounds = bounds.withArtifacts(changed);
        return this;
    }

    /** The largest artifact that is taken, 30 MiB unless set. */
    public ProcessLauncherBuilder maxArtifactBytes(long changed) {
        bounds = bounds.withArtifactBytes(changed);
        return this;
    }

    /** The longest line, 64 KiB unless set, 16 bytes to 16 MiB; a longer one is told in parts. */
    public ProcessLauncherBuilder maxLineBytes(int changed) {
        bounds = bounds.withLineBytes(changed);
        return this;
    }

    /** How many last lines an exit carries, 20 unless set. */
    public ProcessLauncherBuilder lastLines(int changed) {
        bounds = bounds.withLastLines(changed);
        return this;
    }

    /**
     * The most that the files of a sandbox may take, what it prints included, 10 GiB unless set. A
     * single file is cut off there by the system; all together are looked at every two seconds,
     * less often where that takes long, and a sandbox that has more is stopped.
     */
    public ProcessLauncherBuilder maxDiskBytes(long changed) {
        limits = limits.withDiskBytes(changed);
        return this;
    }

    /**
     * The most that the processes of a sandbox may have in memory together, parts that they share
     * counted for each; not limited unless set. Looked at every two seconds, on Linux alone; a
     * sandbox that has more is stopped.
     */
    public ProcessLauncherBuilder maxMemoryBytes(long changed) {
        limits = limits.withMemoryBytes(changed);
        return this;
    }

    /**
     * How long each process of a sandbox may compute, a second or more; not limited unless set. The
     * system ends it then.
     */
    public ProcessLauncherBuilder maxProcessorTime(Duration changed) {
        limits = limits.withProcessorTime(changed);
        return this;
    }

    /**
     * How far behind others the processes of sandboxes stand in the queue for a processor, 0 to 19;
     * 0 unless set.
     */
    public ProcessLauncherBuilder niceness(int changed) {
        limits = limits.withNiceness(changed);
        return this;
    }

    /** What becomes of directories, {@link CleanUp#KEEP_FAILED} unless set. */
    public ProcessLauncherBuilder cleanUp(CleanUp changed) {
        cleanUp = Objects.requireNonNull(changed, "cleanUp");
        return this;
    }

    /**
     * How long a directory that is kept for people stays, and one of a sandbox that ended and that
     * nobody asked for since; 7 days unless set. Looked at once an hour at most, while there is
     * work.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ProcessLauncherBuilder keepFor(Duration changed) {
        if (changed.isZero() || changed.isNegative()) {
            throw new IllegalArgumentException("keepFor must be positive, not " + changed);
        }
        keepFor = changed;
        return this;
    }

    /**
     * What becomes of living sandboxes when the launcher is closed, {@link AtClose#LEAVE_RUNNING}
     * unless set. {@link AtClose#END} is for a work directory that goes with the launcher.
     */
    public ProcessLauncherBuilder atClose(AtClose changed) {
        atClose = Objects.requireNonNull(changed, "atClose");
        return this;
    }

    /**
     * How long a sandbox gets to end when its time is over, it has more than its limits, or the
     * launcher ends it at its close; 10 s unless set.
     */
    public ProcessLauncherBuilder grace(Duration changed) {
        grace = Objects.requireNonNull(changed, "grace");
        return this;
    }

    ProcessLauncherBuilder pace(Pace changed) {
        pace = changed;
        return this;
    }

    ProcessLauncherBuilder table(ProcessTable changed) {
        table = changed;
        return this;
    }

    /**
     * Makes the launcher and opens its work directory. It has no thread before the first launch.
     *
     * @throws IllegalStateException if another launcher of this process has the work directory open
     * @throws UnsupportedOperationException if this is no POSIX system with {@code /bin/sh}
     * @throws dev.errand.spi.BackendException if the work directory cannot be made or locked
     */
    public ProcessLauncher build() {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                || !Files.isExecutable(AgentStart.SHELL)) {
            throw new UnsupportedOperationException(
                    "this launcher needs a POSIX system with " + AgentStart.SHELL);
        }
        Settings settings =
                new Settings(
                        workDirectory,
                        command,
                        clock,
                        variables.from(System.getenv()),
                        bounds,
                        limits,
                        cleanUp,
                        keepFor,
                        atClose,
                        grace,
                        pace);
        try {
            return new ProcessLauncher(settings, WorkDirectory.open(workDirectory), table);
        } catch (IOException failure) {
            throw Failures.permanent("cannot open work directory " + workDirectory, failure);
        }
    }
}
