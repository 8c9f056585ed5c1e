package dev.errand.workspaces.git;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that one thread on this machine uses at a time: that of a mirror or of a workspace.
 * All calls of git take place in an area.
 *
 * <p>The operating system releases the lock when the host is killed, but the git process that the
 * host had started lives on. Therefore each call has a ticket: a file that the new process renames
 * to contain its process id, before it becomes git. The next user of the area deletes the tickets
 * that have no process id yet, so that these processes end without effect, and kills the processes
 * of the others.
 */
final class Area implements AutoCloseable {

    /** Prefix of the names of tickets. */
    static final String TICKET = "ticket-";

    /** Prefix of the names of further files of a call. */
    static final String SCRATCH = "scratch-";

    private static final Logger LOG = LoggerFactory.getLogger(Area.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final Duration ORPHAN_END = Duration.ofSeconds(30);

    /** How much later than its ticket a process starts; protects processes that reuse its id. */
    private static final Duration MAX_START_DELAY = Duration.ofMinutes(1);

    private final GitProgram git;
    private final Path directory;
    private final FileLock lock;

    private Area(GitProgram git, Path directory, FileLock lock) {
        this.git = git;
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Waits for the lock, creates the directory if it is missing, and ends what an earlier user
     * that was killed has left running.
     *
     * @throws TimeoutException if the lock is not free within the time limit
     */
    static Area enter(GitProgram git, LockFile locks, Path directory, Duration timeLimit)
            throws IOException, TimeoutException {
        long end = System.nanoTime() + timeLimit.toNanos();
        while (true) {
            Optional<Area> entered = tryEnter(git, locks, directory);
            if (entered.isPresent()) {
                return entered.get();
            }
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                throw new TimeoutException("another call uses " + directory);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Does the same without waiting; empty if another call uses the area. */
    static Optional<Area> tryEnter(GitProgram git, LockFile locks, Path directory)
            throws IOException {
        Optional<FileLock> lock = locks.tryLock(directory.toString());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        boolean entered = false;
        try {
            FileTrees.createDirectories(directory);
            Area area = new Area(git, directory, lock.get());
            area.endOrphans();
            entered = true;
            return Optional.of(area);
        } finally {
            if (!entered) {
                LockFile.release(lock.get());
            }
        }
    }

    Path directory() {
        return directory;
    }

    /** Returns the file or directory with this name. */
    Path file(String name) {
        return directory.resolve(name);
    }

    /** Prepares a call of git in a directory. */
    GitCall git(Path workingDirectory, String... arguments) {
        return new GitCall(git, this, workingDirectory, List.of(arguments));
    }

    /** Returns the name of a new file for a call. */
    Path scratchFile() {
        return file(SCRATCH + UUID.randomUUID());
    }

    /** Creates a ticket for a process. */
    Path newTicket() throws IOException {
        Path ticket = file(TICKET + UUID.randomUUID());
        FileTrees.create(ticket, "", "rw-------");
        return ticket;
    }

    /** Deletes the ticket of a process that has ended. */
    void deleteTicket(Path ticket, long pid) throws IOException {
        Files.deleteIfExists(ticket);
        Files.deleteIfExists(ticket.resolveSibling(ticket.getFileName() + "." + pid));
    }

    private void endOrphans() throws IOException {
        List<Path> started = new ArrayList<>();
        for (Path ticket : named(TICKET)) {
            if (isStarted(ticket) || !Files.deleteIfExists(ticket)) {
                started.add(ticket);
            }
        }
        if (!started.isEmpty()) {
            // A process may have renamed its ticket since the directory was listed.
            for (Path ticket : named(TICKET)) {
                endOrphan(ticket);
            }
        }
        for (Path scratch : named(SCRATCH)) {
            Files.deleteIfExists(scratch);
        }
    }

    private List<Path> named(String prefix) throws IOException {
        return FileTrees.entries(directory).stream()
                .filter(file -> file.getFileName().toString().startsWith(prefix))
                .toList();
    }

    private static boolean isStarted(Path ticket) {
        return ticket.getFileName().toString().contains(".");
    }

    private static void endOrphan(Path ticket) throws IOException {
        String name = ticket.getFileName().toString();
        Instant created;
        try {
            created = FileTrees.attributes(ticket).lastModifiedTime().toInstant();
        } catch (NoSuchFileException gone) {
            return;
        }
        Optional<ProcessHandle> orphan =
                ProcessHandle.of(Long.parseLong(name.substring(name.indexOf('.') + 1)))
                        .filter(process -> isStartedBy(process, created));
        if (orphan.isPresent()) {
            LOG.info("Ending the git process {} of a host that was killed", orphan.get().pid());
            kill(orphan.get());
            try {
                orphan.get().onExit().get(ORPHAN_END.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IOException(
                        "git process " + orphan.get().pid() + " of an earlier host does not end",
                        e);
            }
        }
        Files.deleteIfExists(ticket);
    }

    private static boolean isStartedBy(ProcessHandle process, Instant ticket) {
        return process.info()
                .startInstant()
                .map(
                        start ->
                                start.isAfter(ticket.minusSeconds(2))
                                        && start.isBefore(ticket.plus(MAX_START_DELAY)))
                .orElse(true);
    }

    /** Kills a process and all its descendants. */
    static void kill(ProcessHandle process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process)).toList();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() throws IOException {
        LockFile.release(lock);
    }
}
