package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessCheckTest {

    @Test
    void anyNumberOfChecksAsksAStorageThatHangsOnce() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicInteger questions = new AtomicInteger();
        try (ReadinessCheck check =
                new ReadinessCheck(
                        () -> {
                            questions.incrementAndGet();
                            awaitUninterruptibly(hangs);
                        })) {
            List<CompletableFuture<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                answers.add(check.isReady());
            }
            assertThat(answers.get(0).get(30, TimeUnit.SECONDS)).isFalse();
            assertThat(questions).hasValue(1);

            hangs.countDown();

            assertThat(check.isReady().get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aStorageThatFailsIsNotReadyUntilItResponds() throws Exception {
        AtomicInteger questions = new AtomicInteger();
        try (ReadinessCheck check =
                new ReadinessCheck(
                        () -> {
                            if (questions.incrementAndGet() < 3) {
                                throw new IllegalStateException("a failure for the test");
                            }
                        })) {
            assertThat(check.isReady().get(30, TimeUnit.SECONDS)).isFalse();
            assertThat(check.isReady().get(30, TimeUnit.SECONDS)).isFalse();
            assertThat(check.isReady().get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
