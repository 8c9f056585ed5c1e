package dev.errand.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitResetTest {

    /** 10:00 in Berlin. */
    private static final Instant NOW = Instant.parse("2026-12-01T09:00:00Z");

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "or try again at 10:52 AM.                       ; 2026-12-01T09:53:00Z",
                "or try again at 9:30 AM.                        ; 2026-12-02T08:31:00Z",
                "or try again at 12:00 AM.                       ; 2026-12-01T23:01:00Z",
                "try again at Dec 3rd, 2026 1:05 PM.             ; 2026-12-03T12:06:00Z",
                "Try again at dec 21, 2026, 1:05 pm              ; 2026-12-21T12:06:00Z",
                "Please try again in 20s.                        ; 2026-12-01T09:00:20Z",
                "Please try again in 1.5s.                       ; 2026-12-01T09:00:01.500Z",
                "Please try again in 250ms                       ; 2026-12-01T09:00:00.250Z",
                "Try again in 2 days 3 hours 4 minutes.          ; 2026-12-03T12:04:00Z",
                "try again in 1 hour and 1 minute                ; 2026-12-01T10:01:00Z",
                "retry after 7200 seconds                        ; 2026-12-01T11:00:00Z",
                "Claude AI usage limit reached|1796115660        ; 2026-12-01T09:01:00Z"
            })
    void a_time_is_found(String words, Instant expected) {
        assertThat(LimitReset.find(words, NOW, BERLIN)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "try again later",
                "try again in a moment",
                "try again in 3 fortnights",
                "try again in 99 days",
                "try again in 1.2.3s",
                "try again at 25:99 PM",
                "try again at Foo 3, 2026 1:05 PM",
                "try again at Dec 3rd, 2020 1:05 PM",
                "usage limit reached|1111111111"
            })
    void words_without_a_credible_time_have_none(String words) {
        assertThat(LimitReset.find(words, NOW, BERLIN)).isEmpty();
    }
}
