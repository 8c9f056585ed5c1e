package dev.errand.process;

import dev.errand.spi.run.StopReason;
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
 * The state of a sandbox in files, from which the next launcher on the same work directory
 * continues: the pid and the exit code, which the shell around the agent writes, the deadline, and
 * the reason for a stop.
 */
final class SandboxStateFiles {

    private static final int MAX_BYTES = 256;

    private final SandboxDirectory directory;

    SandboxStateFiles(SandboxDirectory directory) {
        this.directory = directory;
    }

    /** Returns the pid of the sandbox's first process, or empty if it was never started. */
    Optional<Long> pid() {
        return line(directory.pid()).flatMap(SandboxStateFiles::number);
    }

    /** Returns when the pid was written, which is when the process started. */
    Optional<Instant> startedAt() {
        try {
            return Optional.of(Files.getLastModifiedTime(directory.pid()).toInstant());
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw PortExceptions.retryable("cannot read " + directory.pid(), unreadable);
        }
    }

    /** Returns the agent's exit code, or empty if it is not known yet. */
    Optional<Integer> exitCode() {
        return line(directory.exitCode()).flatMap(SandboxStateFiles::number).map(Long::intValue);
    }

    /** Writes the exit code of a sandbox whose shell was killed before it could write it. */
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

    Optional<StopReason> stopReason() {
        return line(directory.stopped()).flatMap(SandboxStateFiles::reason);
    }

    void stopReason(StopReason reason) throws IOException {
        write(directory.stopped(), reason.name());
    }

    /** Returns the resource limit for which the sandbox was stopped. */
    Optional<String> exceededLimit() {
        return line(directory.exceededLimit());
    }

    void exceededLimit(String description) throws IOException {
        write(directory.exceededLimit(), description);
    }

    private static Optional<StopReason> reason(String name) {
        return Stream.of(StopReason.values())
                .filter(reason -> reason.name().equals(name))
                .findFirst();
    }

    private static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /**
     * Reads the only line of a file. An incomplete line counts as missing; an unreadable file is an
     * exception and does not count as missing.
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
            throw PortExceptions.retryable("cannot read " + file, unreadable);
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
