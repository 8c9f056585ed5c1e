package dev.errand.spi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueDepthTest {

    private static final Instant TIME = Instant.parse("2026-05-06T09:00:00.000001999Z");

    @Test
    void theTimeIsTruncatedToTheStoredPrecision() {
        assertThat(new QueueDepth(1, Optional.of(TIME), 0).waitingSince())
                .contains(Instant.parse("2026-05-06T09:00:00.000001Z"));
    }

    @Test
    void componentsThatDoNotMatchAreRejected() {
        assertThatThrownBy(() -> new QueueDepth(0, Optional.of(TIME), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "waitingSince must be present exactly if waiting is positive, but waiting is 0");
        assertThatThrownBy(() -> new QueueDepth(2, Optional.empty(), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QueueDepth(-1, Optional.of(TIME), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QueueDepth(0, Optional.empty(), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
