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
    private CleanUp cleanUp = CleanUp.KEEP_FAILED;
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

    /** What becomes of directories, {@link CleanUp#KEEP_FAILED} unless set. */
    public ProcessLauncherBuilder cleanUp(CleanUp changed) {
        cleanUp = Objects.requireNonNull(changed, "cleanUp");
        return this;
    }

    /**
     * How long a sandbox gets to end when its time is over or the launcher is closed, 10 s unless
     * set.
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
     * @throws IllegalStateException if another launcher has the work directory open
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
                        cleanUp,
                        grace,
                        pace);
        try {
            return new ProcessLauncher(settings, WorkDirectory.open(workDirectory), table);
        } catch (IOException failure) {
            throw Failures.permanent("cannot open work directory " + workDirectory, failure);
        }
    }
}
