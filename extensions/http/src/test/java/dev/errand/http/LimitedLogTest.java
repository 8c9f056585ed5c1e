package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitedLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final LimitedLog log = new LimitedLog(nanos::get);
    private final List<String> lines = new ArrayList<>();

    @Test
    void linesOfOneKindAreLimitedInEachMinute() {
        for (int i = 0; i < 1000; i++) {
            log.write("a", left -> lines.add("a" + left));
        }
        log.write("b", left -> lines.add("b" + left));
        assertThat(lines).hasSize(11).endsWith("a", "b");

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        log.write("a", left -> lines.add("a" + left));
        log.write("a", left -> lines.add("a" + left));

        assertThat(lines).hasSize(13).endsWith("a (990 lines like this were left out)", "a");
    }
}
