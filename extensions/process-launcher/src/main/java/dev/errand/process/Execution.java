package dev.errand.process;

import dev.errand.spi.dispatch.DispatchState.StopReason;
import dev.errand.spi.dispatch.SandboxId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of one sandbox, from the first to the last: they run, are asked to end, are ended
 * by force, and what the first one left running is cleared away. The watcher moves it on by {@link
 * #look}. Thread-safe.
 */
final class Execution {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final Duration WHILE_ASKED = Duration.ofMillis(200);
    private static final Duration WHILE_FORCED = Duration.ofMillis(20);
    private static final int EXIT_CODE_OF_SIGKILL = 128 + 9;
    private static final int LOOKS_WITHOUT_ANY = 2;

    private final SandboxId sandbox;
    private final SandboxRecord record;
    private final MainProcess main;
    private final ProcessTree tree;
    private final Usage usage;
    private final Settings settings;
    private final Instant deadline;

    // guarded by this
    private Optional<Stopping> stopping;
    private Optional<StopReason> stoppedFor;
    private Optional<String> excess;
    private Optional<Integer> exitCode = Optional.empty();
    private Optional<Long> forcedSince = Optional.empty();
    private boolean asked;
    private boolean mainEnded;
    private int looksWithoutAny;
    private boolean over;
    private int survivors;

    Execution(
            SandboxId sandbox,
            SandboxRecord record,
            MainProcess main,
            ProcessTree tree,
            Usage usage,
            Settings settings) {
        this.sandbox = sandbox;
        this.record = record;
        this.main = main;
        this.tree = tree;
        this.usage = usage;
        this.settings = settings;
        this.deadline = record.deadline().orElse(Instant.MAX);
        this.stoppedFor = record.stopCause();
        // An earlier launcher did not come to the end of it.
        this.excess = record.excess();
        this.stopping =
                stoppedFor.isPresent() || excess.isPresent()
                        ? Optional.of(Stopping.of(settings.grace()))
                        : Optional.empty();
        main.handle().ifPresent(tree::add);
    }

    /** Takes note that nothing of it is alive, where an earlier launcher started it. */
    synchronized void settle() {
        mainEnded = true;
        exitCode = record.exitCode();
        over = true;
    }

    /** Begins to end it; without effect once its first process has ended. */
    synchronized void stop(Optional<StopReason> cause, Duration grace) {
        if (hasMainEnded()) {
            return;
        }
        Stopping request = Stopping.of(grace);
        if (stopping.isEmpty()) {
            LOG.info("{} is stopped: {}", sandbox, cause.map(Enum::name).orElse("closing"));
            if (stoppedFor.isEmpty()) {
                stoppedFor = cause;
                cause.ifPresent(this::write);
            }
        }
        stopping = Optional.of(stopping.map(earlier -> earlier.and(request)).orElse(request));
    }

    /** Moves on as far as is possible now, and says after how long to look again. */
    synchronized Duration look(ProcessSnapshot snapshot) {
        if (mainEnded) {
            return clear(snapshot);
        }
        if (!main.isAlive(snapshot)) {
            mainEnded = true;
            exitCode = findExitCode();
            // This snapshot may be older than the end.
            return Duration.ZERO;
        }
        Duration left = Duration.between(settings.clock().instant(), deadline);
        if (stopping.isEmpty() && (left.isZero() || left.isNegative())) {
            stop(Optional.of(StopReason.TIME_LIMIT), settings.grace());
        }
        Set<ProcessHandle> alive = tree.observe(snapshot);
        if (stopping.isEmpty()) {
            usage.excess(alive).ifPresent(this::stopForExcess);
        }
        if (stopping.isPresent()) {
            // Children that an older snapshot misses would lose their parents unnoticed.
            return snapshot.isSince(stopping.get().askedAt()) ? end(snapshot) : Duration.ZERO;
        }
        return min(left, settings.pace().observe());
    }

    private void stopForExcess(String what) {
        LOG.info("{} is stopped: {}", sandbox, what);
        excess = Optional.of(what);
        try {
            record.excess(what);
        } catch (IOException failed) {
            LOG.warn("{}: cannot write down why it is stopped", sandbox, failed);
        }
        stop(Optional.empty(), settings.grace());
    }

    /** Whether the first process has ended. */
    synchronized boolean hasMainEnded() {
        return mainEnded || main.exitCode().isPresent();
    }

    /** Whether nothing is alive any more, or nothing that can be ended. */
    synchronized boolean isOver() {
        return over;
    }

    /**
     * The exit code; empty as long as it runs, and where it was lost together with an earlier
     * launcher.
     */
    synchronized Optional<Integer> exitCode() {
        return exitCode;
    }

    synchronized Optional<StopReason> stoppedFor() {
        return stoppedFor;
    }

    /** What it had too much of, where it was ended for that. */
    synchronized Optional<String> excess() {
        // An exit code says what really ended it, where somebody was about to for another reason.
        return exitCode.flatMap(settings.limits()::excess).or(() -> excess);
    }

    /** How many processes outlived SIGKILL. */
    synchronized int survivors() {
        return survivors;
    }

    private Duration end(ProcessSnapshot snapshot) {
        if (!isForceDue()) {
            askOnce(snapshot);
            return min(stopping.orElseThrow().untilForce(), WHILE_ASKED);
        }
        if (isHopeless()) {
            mainEnded = true;
            exitCode = Optional.of(EXIT_CODE_OF_SIGKILL);
            return clear(snapshot);
        }
        Set<ProcessHandle> alive = tree.search(snapshot);
        forceGroup();
        return force(alive);
    }

    /** Asking twice means "at once" to many; and what they start now may be part of ending well. */
    private void askOnce(ProcessSnapshot snapshot) {
        if (!asked) {
            asked = true;
            ProcessTree.ask(tree.search(snapshot));
        }
    }

    /** Who was asked together with the first process has its grace too; what was left has none. */
    private Duration clear(ProcessSnapshot snapshot) {
        if (!isForceDue() && !tree.observe(snapshot).isEmpty()) {
            return min(stopping.orElseThrow().untilForce(), WHILE_ASKED);
        }
        Set<ProcessHandle> alive = tree.search(snapshot);
        looksWithoutAny = alive.isEmpty() ? looksWithoutAny + 1 : 0;
        if (looksWithoutAny >= LOOKS_WITHOUT_ANY || isHopeless()) {
            over = true;
            survivors = alive.size();
            LOG.info("{} ended, exit code {}", sandbox, exitCode.map(String::valueOf).orElse("?"));
            return settings.pace().observe();
        }
        return isForceDue() ? force(alive) : WHILE_FORCED;
    }

    private Duration force(Set<ProcessHandle> alive) {
        if (forcedSince.isEmpty() && !alive.isEmpty()) {
            forcedSince = Optional.of(System.nanoTime());
        }
        ProcessTree.force(alive);
        return WHILE_FORCED;
    }

    private void forceGroup() {
        if (tree.hasSession() && main.handle().isPresent()) {
            try {
                ProcessGroup.force(main.handle().get().pid());
            } catch (IOException failed) {
                LOG.warn("{}: cannot signal its group; each process is", sandbox, failed);
            }
        }
    }

    private boolean isForceDue() {
        return stopping.isEmpty() || stopping.get().isForceDue();
    }

    private boolean isHopeless() {
        long patience = settings.pace().force().toNanos();
        return forcedSince.map(since -> System.nanoTime() - since > patience).orElse(false);
    }

    /** The shell writes it down, unless it was ended by force itself. */
    private Optional<Integer> findExitCode() {
        Optional<Integer> written = record.exitCode();
        if (written.isPresent()) {
            return written;
        }
        Optional<Integer> found = main.exitCode();
        if (found.isEmpty() && forcedSince.isPresent()) {
            found = Optional.of(EXIT_CODE_OF_SIGKILL);
        }
        found.ifPresent(this::write);
        return found;
    }

    private void write(int code) {
        try {
            record.exitCode(code);
        } catch (IOException failed) {
            LOG.warn("{}: cannot write down its exit code {}", sandbox, code, failed);
        }
    }

    private void write(StopReason cause) {
        try {
            record.stopCause(cause);
        } catch (IOException failed) {
            LOG.warn("{}: cannot write down that it is stopped", sandbox, failed);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
