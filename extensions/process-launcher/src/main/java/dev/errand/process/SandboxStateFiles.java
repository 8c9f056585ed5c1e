package dev.errand.process;

import dev.errand.spi.run.StopReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of a sandbox in files, from which the next launcher on the same work directory
 * continues: the pid and the exit code, which the shell around the agent writes, the deadline, the
 * user, and the reason for a stop. An agent of the same user can change these files, so nothing in
 * them is trusted to be a file, and reading and writing never block.
 */
final class SandboxStateFiles {

    private static final int MAX_BYTES = 1024;

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
            return Optional.of(
                    Files.getLastModifiedTime(directory.pid(), LinkOption.NOFOLLOW_LINKS)
                            .toInstant());
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

    /**
     * Creates the directory of these files unless it exists.
     *
     * @throws NoSuchFileException if the sandbox has no directory
     */
    void createDirectory() throws IOException {
        try {
            PrivateFiles.createDirectory(directory.launcher());
        } catch (FileAlreadyExistsException exists) {
            // Whoever stops a sandbox that is about to start creates it, too.
        }
    }

    /** Returns the resource limit for which the sandbox was stopped. */
    Optional<String> exceededLimit() {
        return line(directory.exceededLimit());
    }

    void exceededLimit(String description) throws IOException {
        write(directory.exceededLimit(), description);
    }

    /** Returns the description of the profile whose program the sandbox runs, if there is one. */
    Optional<String> profile() {
        return line(directory.profile());
    }

    void profile(String description) throws IOException {
        write(directory.profile(), description);
    }

    /** Returns the name of the user as which the agent runs, if it is not the launcher's. */
    Optional<String> user() {
        return line(directory.user());
    }

    void user(String name) throws IOException {
        write(directory.user(), name);
    }

    /** Returns the control group of the sandbox, if it has one. */
    Optional<Path> controlGroup() {
        return line(directory.controlGroup()).map(Path::of);
    }

    void controlGroup(Path group) throws IOException {
        write(directory.controlGroup(), group.toString());
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
     * Reads the only line of a file. An incomplete line, and anything that is not a file, count as
     * missing; an unreadable file is an exception and does not count as missing.
     */
    private static Optional<String> line(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (FileChannel channel = UntrustedFiles.openOwn(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES + 1);
            while (bytes.hasRemaining() && channel.read(bytes) > 0) {}
            String text =
                    new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
            return text.endsWith("\n") && bytes.hasRemaining()
                    ? Optional.of(text.strip())
                    : Optional.empty();
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw PortExceptions.retryable("cannot read " + file, unreadable);
        }
    }

    private static void write(Path file, String line) throws IOException {
        PrivateFiles.replace(file, line);
    }
}
