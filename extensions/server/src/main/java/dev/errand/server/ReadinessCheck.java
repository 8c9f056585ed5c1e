package dev.errand.server;

import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the storage whether it responds, on a thread of its own. Questions that are asked while one
 * is open get the same answer, so that they cost nothing. Thread-safe.
 */
final class ReadinessCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessCheck.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread daemon = new Thread(task, "errand-readiness");
                        daemon.setDaemon(true);
                        return daemon;
                    });
    private final Runnable question;
    private @Nullable CompletableFuture<Boolean> open;
    private boolean wasReady = true;

    ReadinessCheck(Backend backend) {
        this(() -> backend.queue().nextDue(ProjectScope.everyProject()));
    }

    ReadinessCheck(Runnable question) {
        this.question = question;
    }

    /** Returns whether storage responds, at the latest after five seconds. */
    CompletableFuture<Boolean> isReady() {
        CompletableFuture<Boolean> answer;
        synchronized (this) {
            if (open == null || open.isDone()) {
                open = CompletableFuture.supplyAsync(this::ask, thread);
            }
            answer = open;
        }
        return answer.copy().completeOnTimeout(false, TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    /** A change is logged, not each failure: anyone may ask. */
    private boolean ask() {
        try {
            question.run();
            if (!wasReady) {
                LOG.info("ready: storage responds again");
            }
            wasReady = true;
        } catch (RuntimeException failure) {
            if (wasReady) {
                LOG.warn("not ready: storage does not respond", failure);
            }
            wasReady = false;
        }
        return wasReady;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
