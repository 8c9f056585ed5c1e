package dev.errand.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a launcher in order: processes, then what is left to tell, then directories, then the lock.
 */
final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);
    private static final Duration TELLING = Duration.ofSeconds(5);
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Settings settings;
    private final Sandboxes sandboxes;
    private final WorkDirectory workDirectory;

    Closing(Settings settings, Sandboxes sandboxes, WorkDirectory workDirectory) {
        this.settings = settings;
        this.sandboxes = sandboxes;
        this.workDirectory = workDirectory;
    }

    /** Nothing new begins any more. An interrupt is restored. */
    void close() {
        switch (settings.atClose()) {
            case LEAVE_RUNNING -> leave();
            case END -> end();
        }
    }

    /** What they print and how they end is for the next launcher to tell. */
    private void leave() {
        sandboxes.watcher().stop();
        List<Sandbox> all = sandboxes.all();
        boolean interrupted = !awaitTellers(all, Sandbox::leave);
        unlock();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** An interrupt shortens every grace to nothing. */
    private void end() {
        List<Sandbox> all = sandboxes.all();
        all.forEach(sandbox -> sandbox.close(settings.grace()));
        boolean interrupted = !awaitProcesses(settings.grace().plus(settings.pace().force()));
        if (interrupted) {
            all.forEach(sandbox -> sandbox.close(Duration.ZERO));
            awaitProcesses(settings.pace().force());
        }
        interrupted |= !awaitTellers(all, Sandbox::hush);
        all.stream().filter(Sandbox::wasEndedByClosing).forEach(this::giveUp);
        unlock();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void unlock() {
        sandboxes.sweeper().close();
        try {
            workDirectory.close();
        } catch (IOException failure) {
            LOG.warn("Cannot unlock the work directory", failure);
        }
    }

    /** False if it was interrupted. */
    private boolean awaitProcesses(Duration atMost) {
        sandboxes.watcher().wake();
        try {
            if (!sandboxes.watcher().awaitIdle(atMost.plus(MARGIN))) {
                LOG.error("Some processes could not be ended");
            }
            return true;
        } catch (InterruptedException hurry) {
            return false;
        }
    }

    /** False if it was interrupted. */
    private boolean awaitTellers(List<Sandbox> all, Function<Sandbox, Optional<Teller>> farewell) {
        List<Teller> tellers = all.stream().map(farewell).flatMap(Optional::stream).toList();
        long until = System.nanoTime() + TELLING.toNanos();
        try {
            for (Teller teller : tellers) {
                if (!teller.join(Duration.ofNanos(Math.max(0, until - System.nanoTime())))) {
                    LOG.warn("A listener did not take what its sandbox printed; it is not told");
                }
            }
            return true;
        } catch (InterruptedException hurry) {
            return false;
        }
    }

    private void giveUp(Sandbox sandbox) {
        try {
            sandboxes.giveUp(sandbox, true);
        } catch (RuntimeException failure) {
            LOG.warn("Cannot clear away a sandbox that was ended", failure);
        }
    }
}
