package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OnceTest {

    private final Once action = new Once();

    @Test
    void theActionRunsOnceAndEveryCallerWaitsForIt() throws Exception {
        CountDownLatch isRunning = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        StringBuffer runs = new StringBuffer();
        Thread first =
                new Thread(
                        () ->
                                action.run(
                                        () -> {
                                            isRunning.countDown();
                                            await(mayReturn);
                                            runs.append("first");
                                        }));
        first.start();
        await(isRunning);
        FutureTask<String> second =
                new FutureTask<>(
                        () -> {
                            action.run(() -> runs.append("second"));
                            return runs.toString();
                        });
        new Thread(second).start();

        mayReturn.countDown();
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("first");
    }

    @Test
    void theActionMayRunItselfWithoutEffect() {
        StringBuilder runs = new StringBuilder();
        action.run(
                () -> {
                    action.run(() -> runs.append("nested"));
                    runs.append("once");
                });

        assertThat(runs).hasToString("once");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
