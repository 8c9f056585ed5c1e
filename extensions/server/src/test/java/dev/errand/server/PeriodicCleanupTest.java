package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeriodicCleanupTest {

    @Test
    void failedTaskIsRepeated() throws InterruptedException {
        CountDownLatch times = new CountDownLatch(3);
        Runnable work =
                () -> {
                    times.countDown();
                    if (times.getCount() == 2) {
                        throw new IllegalStateException("simulated storage failure");
                    }
                };

        PeriodicCleanup housekeeping = PeriodicCleanup.every(Duration.ofMillis(1), work);
        boolean repeated = times.await(30, TimeUnit.SECONDS);
        housekeeping.close();

        assertThat(repeated).isTrue();
    }
}
