package dev.errand.process;

import dev.errand.spi.dispatch.DispatchState.StopReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is written down of a sandbox beside its files, so that the next launcher on the same work
 * directory knows it: its pid and exit code, which the shell around the agent writes, its deadline,
 * and why it was stopped.
 */
final class SandboxRecord {

    private static final int MAX_BYTES = 256;

    private final SandboxDirectory directory;

    SandboxRecord(SandboxDirectory directory) {
        this.directory = directory;
    }

    /** The pid of the sandbox's first process; empty if it was never started. */
    Optional<Long> pid() {
        return line(directory.pid()).flatMap(SandboxRecord::number);
    }

    /** When the pid was written, which is when the process started. */
    Optional<Instant> startedAt() {
        try {
            return Optional.of(Files.getLastModifiedTime(directory.pid()).toInstant());
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw Failures.retryable("cannot read " + directory.pid(), unreadable);
        }
    }

    /** The agent's exit code, once it is known. */
    Optional<Integer> exitCode() {
        return line(directory.exitCode()).flatMap(SandboxRecord::number).map(Long::intValue);
    }

    /** Writes the exit code of a sandbox whose shell was ended before it could. */
    void exitCode(int code) throws IOException {
        write(directory.exitCode(), Integer.toString(code));
    }

    Optional<Instant> deadline() {
        try {
            return line(directory.deadline()).map(Instant::parse);
        } catch (DateTimeException damaged) {
            return Optional.empty();
        }
    }

    void deadline(Instant deadline) throws IOException {
        write(directory.deadline(), deadline.toString());
    }

    Optional<StopReason> stopCause() {
        return line(directory.stopped()).flatMap(SandboxRecord::cause);
    }

    void stopCause(StopReason cause) throws IOException {
        write(directory.stopped(), cause.name());
    }

    /** What it had too much of, so that it was stopped. */
    Optional<String> excess() {
        return line(directory.excess());
    }

    void excess(String what) throws IOException {
        write(directory.excess(), what);
    }

    private static Optional<StopReason> cause(String name) {
        return Stream.of(StopReason.values())
                .filter(cause -> cause.name().equals(name))
                .findFirst();
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /**
     * A line counts once its end is written; one that cannot be read is not taken for one that is
     * not there.
     */
    private static Optional<String> line(Path file) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return text.endsWith("\n") ? Optional.of(text.strip()) : Optional.empty();
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw Failures.retryable("cannot read " + file, unreadable);
        }
    }

    private static void write(Path file, String line) throws IOException {
        Files.writeString(
                file,
                line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                LinkOption.NOFOLLOW_LINKS);
    }
}
