package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of git. Its duration, its output and the size of each file that it writes are limited. Not
 * thread-safe.
 */
final class GitCall {

    private static final Logger LOG = LoggerFactory.getLogger(GitCall.class);
    private static final int MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
    private static final int MAX_ERROR_BYTES = 4096;
    private static final int BYTES_PER_BLOCK = 512;
    private static final int WATCH_MILLIS = 200;

    /** Renames the ticket, sets the limits, and becomes git. */
    private static final String SCRIPT =
            """
            mv "$1" "$1.$$" 2>/dev/null || exit 125
            ulimit -c 0
            ulimit -f "$2" || exit 126
            shift 2
            exec "$@"
            """;

    /**
     * Reads the output of a call.
     *
     * @param <T> the result
     */
    @FunctionalInterface
    interface OutputReader<T> {

        /** Reads the stream to its end, or throws an exception to end the call. */
        T read(InputStream output) throws IOException;
    }

    /**
     * How a call ended.
     *
     * @param exitCode the exit code
     * @param output what the reader returned
     * @param error the end of its standard error
     * @param <T> the result
     */
    record Result<T>(int exitCode, T output, String error) {

        boolean isSuccess() {
            return exitCode == 0;
        }

        /** Returns the output. */
        T orThrow(String action) {
            if (!isSuccess()) {
                throw Failures.of(action, exitCode, error);
            }
            return output;
        }
    }

    private final GitProgram git;
    private final Area area;
    private final Path directory;
    private final List<String> arguments;
    private final Map<String, String> variables = new HashMap<>();
    private Optional<byte[]> input = Optional.empty();
    private Optional<Credential> credential = Optional.empty();
    private Duration timeLimit = Duration.ofMinutes(5);
    private long maxFileBytes = GitLimits.DEFAULT.repositoryBytes();
    private Reason reasonIfTooSlow = Reason.FAILED;

    GitCall(GitProgram git, Area area, Path directory, List<String> arguments) {
        this.git = git;
        this.area = area;
        this.directory = directory;
        this.arguments = arguments;
        // A directory without a repository is not part of a repository that surrounds it.
        variables.put("GIT_CEILING_DIRECTORIES", directory.resolveSibling("").toString());
        // No protocol is allowed unless the call needs one.
        variables.put("GIT_ALLOW_PROTOCOL", "none");
    }

    GitCall timeLimit(Duration changed) {
        timeLimit = changed;
        return this;
    }

    GitCall maxFileBytes(long changed) {
        maxFileBytes = changed;
        return this;
    }

    GitCall input(byte[] changed) {
        input = Optional.of(changed);
        return this;
    }

    GitCall variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Lets the call connect to the server of a repository, with a credential if there is one. */
    GitCall connect(RepositoryLocation location, Optional<Credential> changed) {
        variables.put("GIT_ALLOW_PROTOCOL", location.protocol());
        credential = changed;
        reasonIfTooSlow = Reason.UNREACHABLE;
        return this;
    }

    /** Runs the call and returns its output as text. */
    Result<String> run(String action) {
        return read(action, GitCall::text);
    }

    private static String text(InputStream output) throws IOException {
        byte[] bytes = output.readNBytes(MAX_OUTPUT_BYTES + 1);
        if (bytes.length > MAX_OUTPUT_BYTES) {
            throw new WorkspaceException(Reason.TOO_LARGE, "git printed more than 64 MiB.");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Runs the call with a reader of its output.
     *
     * @param action what the call does, as in "Cannot {@code action}"
     */
    <T> Result<T> read(String action, OutputReader<T> reader) {
        Path errors = area.scratchFile();
        List<Path> scratch = new ArrayList<>(List.of(errors));
        try {
            try {
                ProcessBuilder builder = new ProcessBuilder().directory(directory.toFile());
                builder.environment().clear();
                builder.environment().putAll(git.environment());
                builder.environment().putAll(variables);
                if (credential.isPresent()) {
                    builder.environment().putAll(credentialVariables(credential.get(), scratch));
                }
                FileTrees.create(errors, "", "rw-------");
                builder.redirectError(errors.toFile());
                builder.redirectInput(inputFile(scratch).toFile());
                return start(builder, action, reader, errors);
            } finally {
                for (Path file : scratch) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException failure) {
            throw Failures.of(action, failure);
        }
    }

    private <T> Result<T> start(
            ProcessBuilder builder, String action, OutputReader<T> reader, Path errors)
            throws IOException {
        Path ticket = area.newTicket();
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "errand-git"));
        command.add(ticket.toString());
        command.add(Long.toString(Math.max(1, maxFileBytes / BYTES_PER_BLOCK)));
        command.add(git.program().toString());
        command.addAll(arguments);
        long start = System.nanoTime();
        Process process;
        try {
            process = git.start(builder.command(command));
        } catch (IOException failure) {
            Files.deleteIfExists(ticket);
            throw failure;
        }
        AtomicBoolean tooSlow = new AtomicBoolean();
        Optional<Future<?>> watch = Optional.empty();
        try (InputStream output = process.getInputStream()) {
            watch = Optional.of(watch(process, start, tooSlow));
            T result = reader.read(output);
            int exitCode = process.waitFor();
            if (tooSlow.get()) {
                throw Failures.timedOut(action, reasonIfTooSlow);
            }
            LOG.debug(
                    "git {} in {}: exit code {} after {} ms",
                    arguments,
                    directory,
                    exitCode,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            return new Result<>(exitCode, result, end(errors));
        } catch (IOException | RuntimeException failure) {
            if (tooSlow.get()) {
                throw Failures.timedOut(action, reasonIfTooSlow);
            }
            throw failure;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new WorkspaceException(
                    Reason.FAILED, "Cannot " + action + ", since it was interrupted.", interrupted);
        } finally {
            watch.ifPresent(it -> it.cancel(false));
            if (process.isAlive()) {
                Area.kill(process.toHandle());
                process.onExit().join();
            }
            git.ended(process);
            area.deleteTicket(ticket, process.pid());
        }
    }

    /**
     * Kills the process when the time limit is over, or the calling thread is interrupted: reading
     * from a process does not notice that.
     */
    private Future<?> watch(Process process, long start, AtomicBoolean tooSlow) {
        Thread caller = Thread.currentThread();
        Runnable check =
                () -> {
                    if (System.nanoTime() - start > timeLimit.toNanos()) {
                        tooSlow.set(true);
                    }
                    if (tooSlow.get() || caller.isInterrupted()) {
                        Area.kill(process.toHandle());
                    }
                };
        long delay = Math.min(WATCH_MILLIS, timeLimit.toMillis());
        try {
            return git.watchdog()
                    .scheduleWithFixedDelay(check, delay, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            throw new WorkspaceException(
                    Reason.FAILED, "The provider of workspaces is closed.", closed);
        }
    }

    private Map<String, String> credentialVariables(Credential given, List<Path> scratch)
            throws IOException {
        Path secret = area.scratchFile();
        scratch.add(secret);
        FileTrees.create(secret, given.password().reveal() + "\n", "rw-------");
        return Map.of(
                "GIT_ASKPASS", git.askpass().toString(),
                "ERRAND_GIT_SCHEME", given.location().protocol(),
                "ERRAND_GIT_HOST", given.location().host(),
                "ERRAND_GIT_USER", given.user(),
                "ERRAND_GIT_SECRET_FILE", secret.toString());
    }

    private Path inputFile(List<Path> scratch) throws IOException {
        if (input.isEmpty()) {
            return Path.of("/dev/null");
        }
        Path file = area.scratchFile();
        scratch.add(file);
        FileTrees.create(file, "", "rw-------");
        Files.write(file, input.get());
        return file;
    }

    /** Returns the end of a file. */
    private static String end(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(Math.max(0, channel.size() - MAX_ERROR_BYTES));
            java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(MAX_ERROR_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Reads until the end.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }
}
